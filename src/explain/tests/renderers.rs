//! Explanations as documents.

use insta::assert_snapshot;

use super::{Language, explained, project};
use crate::explain::{html_fragment, html_page, json, markdown, text};

const RULES: &str = r#"segments:
  s:
    label: "<b>A & B</b> *x*"
    description: Who <likes> shoes.
    when: sequence(sales where channel = '<script>' then never returns) and (points > 20_000 or city = 'a_b')
"#;

#[test]
fn plain_text() {
    assert_snapshot!(text(&explained(&project(RULES), "s", Language::English)), @r#"
    Every customer belongs to “<b>A & B</b> *x*” if all of these hold:
      - these rows come one after the other:
        1. first a row of “sales” where “channel” is '<script>'
        2. after that, until the next of these rows or the instant of evaluation, no row of “returns”
      - at least one of these holds:
        - “points” is more than 20,000
        - “city” is 'a_b'
    Description: Who <likes> shoes.

    What the names mean
      - “sales”: the rows of “transactions” for which “quantity” is more than 0
      - “returns”: the rows of “transactions” for which “quantity” is less than 0

    To the letter
      - Unknown: a comparison with a value that is not known is neither true nor false. Members are only those for whom the condition is true.
      - A row counts only if its condition is true; a condition that is unknown is not enough.
      - A later row has a greater time. Rows of the same instant follow each other only if they are of one table of the data, in its order. Other rows may lie between.

    What it reads
      - table “customers”: “customer id”; “city”; “points”
      - table “transactions”: “customer id”; “invoice no”; “purchased at”; “channel”; “quantity”

    How it changes
      - when rows arrive or are corrected in “customers”; “transactions”
      - as time goes by, though no row arrives: the time that a sequence has
      - not because of others
    "#);
}

#[test]
fn markdown_escapes_what_is_not_its_own() {
    assert_snapshot!(markdown(&explained(&project(RULES), "s", Language::English)), @r#"
    ## \<b\>A \& B\</b\> \*x\*

    Every customer belongs to *\<b\>A \& B\</b\> \*x\** if all of these hold:

    - these rows come one after the other:
       1. first a row of *sales* where *channel* is '\<script\>'
       2. after that, until the next of these rows or the instant of evaluation, no row of *returns*
    - at least one of these holds:
       - *points* is more than 20,000
       - *city* is 'a\_b'

    Description: Who \<likes\> shoes.

    ### What the names mean

    - *sales*: the rows of *transactions* for which *quantity* is more than 0
    - *returns*: the rows of *transactions* for which *quantity* is less than 0

    ### To the letter

    - Unknown: a comparison with a value that is not known is neither true nor false. Members are only those for whom the condition is true.
    - A row counts only if its condition is true; a condition that is unknown is not enough.
    - A later row has a greater time. Rows of the same instant follow each other only if they are of one table of the data, in its order. Other rows may lie between.

    ### What it reads

    - table *customers*: *customer id*; *city*; *points*
    - table *transactions*: *customer id*; *invoice no*; *purchased at*; *channel*; *quantity*

    ### How it changes

    - when rows arrive or are corrected in *customers*; *transactions*
    - as time goes by, though no row arrives: the time that a sequence has
    - not because of others
    "#);
}

#[test]
fn html_escapes_every_text() {
    let explanation = explained(&project(RULES), "s", Language::Russian);
    assert_snapshot!(html_fragment(&explanation), @r#"
    <article class="explanation" lang="ru">
    <h1><em class="segment" title="s">&lt;b&gt;A &amp; B&lt;/b&gt; *x*</em></h1>
    <p>В <em class="segment" title="s">&lt;b&gt;A &amp; B&lt;/b&gt; *x*</em> входит каждый customer, для которого выполнено всё перечисленное:</p>
    <ul>
    <li>эти строки идут одна за другой:<ol>
    <li>сначала строка <em class="table" title="sales">sales</em>, где <em class="column" title="channel">channel</em> — это <span class="constant">&#39;&lt;script&gt;&#39;</span></li>
    <li>после этого, до следующей из этих строк или до момента расчёта, ни одной строки <em class="table" title="returns">returns</em></li>
    </ol>
    </li>
    <li>выполнено хотя бы одно из перечисленного:<ul>
    <li><em class="column" title="points">points</em> больше, чем <span class="constant">20 000</span></li>
    <li><em class="column" title="city">city</em> — это <span class="constant">&#39;a_b&#39;</span></li>
    </ul>
    </li>
    </ul>
    <p class="about">Описание: Who &lt;likes&gt; shoes.</p>
    <h2>Что значат имена</h2>
    <ul>
    <li><em class="table" title="sales">sales</em>: строки <em class="table" title="transactions">transactions</em>, для которых <em class="column" title="quantity">quantity</em> больше, чем <span class="constant">0</span></li>
    <li><em class="table" title="returns">returns</em>: строки <em class="table" title="transactions">transactions</em>, для которых <em class="column" title="quantity">quantity</em> меньше, чем <span class="constant">0</span></li>
    </ul>
    <h2>Дословно</h2>
    <ul>
    <li>Неизвестное: сравнение с неизвестным значением ни верно, ни неверно. Входят только те, для кого условие верно.</li>
    <li>Строка считается, только если её условие верно; неизвестного недостаточно.</li>
    <li>У более поздней строки время больше. Строки одного мгновения идут одна за другой, только если они из одной таблицы данных, в её порядке. Между ними могут быть другие строки.</li>
    </ul>
    <h2>Что читается</h2>
    <ul>
    <li>таблица <em class="table" title="customers">customers</em>: <em class="column" title="customer_id">customer id</em>; <em class="column" title="city">city</em>; <em class="column" title="points">points</em></li>
    <li>таблица <em class="table" title="transactions">transactions</em>: <em class="column" title="customer_id">customer id</em>; <em class="column" title="invoice_no">invoice no</em>; <em class="column" title="purchased_at">purchased at</em>; <em class="column" title="channel">channel</em>; <em class="column" title="quantity">quantity</em></li>
    </ul>
    <h2>Как меняется состав</h2>
    <ul>
    <li>когда поступают или исправляются строки в <em class="table" title="customers">customers</em>; <em class="table" title="transactions">transactions</em></li>
    <li>с ходом времени, даже без новых строк: срок последовательности</li>
    <li>не из-за других</li>
    </ul>
    </article>
    "#);
    let page = html_page(&[explanation]);
    assert!(page.starts_with("<!doctype html>") && page.contains("lang=\"ru\""));
    assert!(!page.contains("<script") && !page.contains("http"), "{page}");
}

#[test]
fn json_keeps_the_kinds_of_tokens() {
    let explanation = explained(&project("segments: { s: spend_90d > 500 }\n"), "s", Language::English);
    let written = json(&[explanation]).expect("it is written");
    let read: serde_json::Value = serde_json::from_str(&written).expect("it is JSON");
    assert_eq!(read["explanations"][0]["language"], "en");
    assert_snapshot!(read["explanations"][0]["rule"], @r#"{"link":"all","parts":[{"link":"one","phrase":[{"kind":"name","label":"Net spend","name":"spend","of":"metric"},{"kind":"words","text":" (in IDR) over the last 90 days is more than "},{"kind":"constant","text":"500"}]}],"phrase":[{"kind":"words","text":"Every "},{"kind":"name","label":"customer","name":"customer","of":"subject"},{"kind":"words","text":" belongs to "},{"kind":"name","label":"s","name":"s","of":"segment"},{"kind":"words","text":" if:"}]}"#);
}
