//! Tables of words: reserved ones, and those of other languages that are understood.

/// Words that never are names outside backticks; the grammar's `reserved` says the same.
pub(super) const RESERVED: &[&str] = &[
    "and",
    "or",
    "not",
    "between",
    "in",
    "is",
    "over",
    "where",
    "have",
    "then",
    "of",
    "by",
    "among",
    "per",
    "ending",
    "ago",
    "within",
    "contains",
    "starts",
    "ends",
    "like",
    "matches",
    "ignoring",
    "to",
    "segment",
    "otherwise",
];

/// Words that mean something when they stand alone; as names they need backticks.
pub(super) const CONSTANTS: &[&str] = &["true", "false", "now", "today", "null"];

/// Aggregates, which take rows in their brackets.
pub(super) const AGGREGATES: &[&str] =
    &["count", "sum", "avg", "min", "max", "median", "stddev", "first", "last", "mode", "mode_share", "percentile"];

/// Quantifiers, which take rows in their brackets.
pub(super) const QUANTIFIERS: &[&str] = &["any", "none", "every"];

/// Ranks of subjects, which take a value and perhaps `among (…)` and `per …` in their brackets.
pub(super) const RANKS: &[&str] = &["quintile", "decile", "ntile", "score", "percent_rank"];

/// How many tiles the word of another language makes: `quartile(x)` is `ntile(4, x)` here.
pub(super) fn foreign_tiles(word: &str) -> Option<u32> {
    Some(match word {
        "tercile" | "tertile" | "tertil" => 3,
        "quartile" | "kuartil" => 4,
        "quintil" | "kuintil" => 5,
        "sextile" => 6,
        "septile" => 7,
        "octile" => 8,
        "desil" => 10,
        "ventile" | "vigintile" => 20,
        "centile" | "percentile_rank" => 100,
        _ => return None,
    })
}

/// What to write for the ranks of other languages that have no like here.
pub(super) fn is_foreign_rank(word: &str) -> Option<&'static str> {
    Some(match word {
        "rank" | "dense_rank" | "row_number" | "rownum" | "peringkat" | "ranking" => {
            "the first so many are `top 100 by spend`, the first share `top 10% by spend`; tiles are `ntile(100, spend)`, \
             and the share of the others with a smaller value is `percent_rank(spend)`"
        }
        "cume_dist" => "the share of the others with a smaller value is `percent_rank(spend)`",
        "percentile_cont" | "percentile_disc" | "quantile" | "approx_percentile" | "persentil" => {
            "the number below which 90% lie is `percentile(90, spend among (visits > 0))`"
        }
        "random" | "rand" | "newid" | "tablesample" => {
            "nothing is left to chance; a share of the subjects that stays the same is `sample(10%, 'holdout')`"
        }
        _ => return None,
    })
}

/// Whether the grammar reserves the word, in any case.
pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(word))
}

/// What an operator of another language is here, and whether it is taken without complaint.
pub(super) fn foreign_sign(sign: &str) -> Option<(&'static str, bool)> {
    Some(match sign {
        "==" | "===" => ("=", true),
        "<>" | "!==" | "≠" => ("!=", true),
        "≥" => (">=", true),
        "≤" => ("<=", true),
        "&&" => ("and", true),
        "||" => ("or", true),
        "=>" => (">=", false),
        "=<" => ("<=", false),
        "=!" => ("!=", false),
        ":=" => ("=", false),
        "=~" => ("matches", false),
        "&" => ("and", false),
        "|" => ("or", false),
        "!" | "¬" => ("not", false),
        _ => return None,
    })
}

/// Characters that look like an operator and are not it.
pub(super) fn lookalike_sign(sign: char) -> Option<&'static str> {
    Some(match sign {
        '−' | '–' | '—' | '‐' | '‑' | '－' => "-",
        '×' | '∗' | '＊' => "*",
        '÷' | '∕' | '／' => "/",
        '＋' => "+",
        '＝' => "=",
        '＞' => ">",
        '＜' => "<",
        '（' => "(",
        '）' => ")",
        '［' => "[",
        '］' => "]",
        '，' | '、' => ",",
        '％' => "%",
        _ => return None,
    })
}

/// Words of Indonesian and SQL between two operands.
pub(super) fn foreign_infix(word: &str) -> Option<&'static str> {
    Some(match word {
        "dan" | "serta" => "and",
        "atau" => "or",
        "antara" => "between",
        "adalah" | "equals" | "eq" => "=",
        "bukan" => "!=",
        "having" => "have",
        _ => return None,
    })
}

/// Words of Indonesian before an operand.
pub(super) fn foreign_prefix(word: &str) -> Option<&'static str> {
    match word {
        "bukan" | "tidak" | "bukanlah" | "tak" => Some("not"),
        _ => None,
    }
}

/// Units of time in Indonesian, and abbreviations that this language does not use.
pub(super) fn foreign_unit(word: &str) -> Option<&'static str> {
    Some(match word {
        "menit" | "mins" => "min",
        "jam" | "hr" | "hrs" => "h",
        "hari" => "d",
        "minggu" | "pekan" | "wk" | "wks" => "w",
        "bulan" | "mos" | "mth" | "mths" => "mo",
        "triwulan" | "kuartal" | "qtr" | "qtrs" => "q",
        "tahun" | "yr" | "yrs" => "y",
        _ => return None,
    })
}

/// The zeros that a word behind a number stands for.
pub(super) fn magnitude(word: &str) -> Option<usize> {
    Some(match word {
        "k" | "rb" | "ribu" | "thousand" => 3,
        "jt" | "juta" | "mio" | "million" => 6,
        "miliar" | "milyar" | "bn" | "billion" => 9,
        _ => return None,
    })
}

/// Whether a word or sign names a currency.
pub(super) fn is_currency(word: &str) -> bool {
    matches!(word, "rp" | "idr" | "rupiah" | "usd" | "eur" | "sgd" | "myr" | "$" | "€" | "£" | "¥")
}

/// Whether a word is a unit of time of this language.
pub(super) fn is_unit(word: &str) -> bool {
    const UNITS: &[&str] = &[
        "min", "minute", "minutes", "h", "hour", "hours", "d", "day", "days", "w", "week", "weeks", "mo", "month",
        "months", "m", "q", "quarter", "quarters", "y", "year", "years",
    ];
    UNITS.contains(&word)
}
