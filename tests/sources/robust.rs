//! Files whose bytes are anything: every run ends with an answer or with an error, none in a panic.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;

/// Damaged files tried of each format.
const CASES: u64 = 40;

/// What breaks readers of text.
const PIECES: [&[u8]; 16] = [
    b"\"",
    b"\\",
    b"\n",
    b"\r\n",
    b",",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"{",
    b"[",
    b"}",
    b"null",
    b"1e999999999",
    b"-99999999999999999999999999999999999999",
    b"\"\\ud800\"",
    b"2026-02-30T25:61:61",
];

/// The bytes with a few of them changed, taken out, put in or cut off.
fn damaged(bytes: &[u8], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..random.random_range(1..6) {
        let at = random.random_range(0..=bytes.len());
        match random.random_range(0..5) {
            0 => bytes.truncate(at),
            1 => {
                let piece = PIECES[random.random_range(0..PIECES.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            2 => {
                let end = (at + random.random_range(0..8)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ if at < bytes.len() => bytes[at] = random.random(),
            _ => {}
        }
    }
    bytes
}

async fn survives(name: &str, words: &str, whole: Vec<u8>) {
    let mut answered = 0;
    for seed in 0..CASES {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let shop =
            Shop::new(&format!("source: {name}\n    types: {{ customer: text, amount: decimal(2) }}\n    {words}"));
        shop.write(name, &damaged(&whole, &mut random));
        // The error is of Kohort's own; a panic would end the test.
        if shop.members("sum(amount of sales) > 0").await.is_ok() {
            answered += 1;
        }
    }
    assert!(answered < CASES, "nothing was damaged");
}

#[tokio::test]
async fn csv() {
    survives("sales.csv", "", csv_text(&ROWS).into_bytes()).await;
    survives("sales.csv", "on_error: skip", csv_text(&ROWS).into_bytes()).await;
    survives("sales.csv.gz", "", gzip(&csv_text(&ROWS))).await;
    let reading = "reading: { decimal: ',', thousands: '.', times: ['%d.%m.%Y', unix], nulls: ['', 'null'] }";
    survives("sales.csv", reading, csv_text(&ROWS).into_bytes()).await;
}

#[tokio::test]
async fn ndjson() {
    survives("sales.ndjson", "", json_text(&ROWS).into_bytes()).await;
    survives("sales.ndjson", "on_error: skip", json_text(&ROWS).into_bytes()).await;
    survives("sales.ndjson.zst", "", zstd(&json_text(&ROWS))).await;
}

#[tokio::test]
async fn arrow_and_parquet() {
    let shop = Shop::new("source: x");
    let path = shop.path("whole");
    parquet(&ROWS, &path);
    survives("sales.parquet", "", fs::read(&path).expect("it reads")).await;
    arrow(&ROWS, &path);
    survives("sales.arrow", "", fs::read(&path).expect("it reads")).await;
}
