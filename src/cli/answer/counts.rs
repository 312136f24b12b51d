//! Counts as rows: what `--counts` writes, and what a list of members carries with it.
//!
//! The fields are the same in every format and never change their order:
//! `segment,label,within,subject,members,of,share`.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Decimal128Array, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::error::ArrowError;
use num_rational::BigRational;
use num_traits::ToPrimitive;
use serde::ser::Error;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::Entry;
use crate::cli::amounts::{FILE_PLACES, share, units, written};

/// Digits of a share as a decimal: one before the point.
const SHARE_DIGITS: u8 = FILE_PLACES as u8 + 1;

/// One segment and how many there are in it.
#[derive(Serialize)]
pub struct Count<'a> {
    /// The segment's name.
    pub segment: &'a str,
    /// What people call it.
    pub label: Option<&'a str>,
    /// The broader segment it lies within.
    pub within: Option<&'a str>,
    /// The kind of subject.
    pub subject: &'a str,
    /// How many are in it; none if it has no answer.
    pub members: Option<u64>,
    /// How many subjects of the kind there are.
    pub of: u64,
    /// Members by subjects.
    #[serde(serialize_with = "Share::as_number")]
    pub share: Option<Share>,
}

/// A part of a whole. Files have 12 digits of it after the point, rounded half to even.
pub struct Share(BigRational);

impl<'a> Count<'a> {
    /// The names of its fields.
    pub const FIELDS: [&'static str; 7] = ["segment", "label", "within", "subject", "members", "of", "share"];

    pub(super) fn new(entry: &Entry<'a>) -> Self {
        let Entry { kind, segment, .. } = entry;
        let members = segment.members.as_ref().ok().copied();
        Count {
            segment: &segment.name,
            label: segment.label.as_deref(),
            within: segment.within.as_deref(),
            subject: &kind.subject,
            members,
            of: kind.subjects,
            share: members.and_then(|members| share(members, kind.subjects)).map(Share),
        }
    }

    /// Its fields as text; what is not known is empty.
    pub fn record(&self) -> [String; 7] {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        [
            self.segment.to_owned(),
            text(self.label),
            text(self.within),
            self.subject.to_owned(),
            self.members.map(|members| members.to_string()).unwrap_or_default(),
            self.of.to_string(),
            self.share.as_ref().map(Share::text).unwrap_or_default(),
        ]
    }
}

impl Share {
    /// `0.75`
    pub fn text(&self) -> String {
        written(&self.0)
    }

    /// In units of the last digit.
    fn units(&self) -> Option<i128> {
        units(&self.0, FILE_PLACES).to_i128()
    }

    /// As a number of JSON with the digits of [`Share::text`].
    pub fn as_number<S: Serializer>(share: &Option<Share>, serializer: S) -> Result<S::Ok, S::Error> {
        match share {
            Some(share) => RawValue::from_string(share.text()).map_err(S::Error::custom)?.serialize(serializer),
            None => serializer.serialize_none(),
        }
    }
}

/// The rows as columns: texts, 64-bit numbers, and the share as a decimal.
pub fn batch(counts: &[Count<'_>]) -> Result<RecordBatch, ArrowError> {
    let texts = |pick: fn(&Count<'_>) -> Option<String>| -> ArrayRef {
        Arc::new(counts.iter().map(pick).collect::<StringArray>())
    };
    let numbers = |pick: fn(&Count<'_>) -> Option<u64>| -> ArrayRef {
        let numbers = counts.iter().map(|count| pick(count).and_then(|number| i64::try_from(number).ok()));
        Arc::new(numbers.collect::<Int64Array>())
    };
    let shares = counts.iter().map(|count| count.share.as_ref().and_then(Share::units)).collect::<Decimal128Array>();
    let columns: [ArrayRef; 7] = [
        texts(|count| Some(count.segment.to_owned())),
        texts(|count| count.label.map(str::to_owned)),
        texts(|count| count.within.map(str::to_owned)),
        texts(|count| Some(count.subject.to_owned())),
        numbers(|count| count.members),
        numbers(|count| Some(count.of)),
        Arc::new(shares.with_precision_and_scale(SHARE_DIGITS, FILE_PLACES as i8)?),
    ];
    // What is always there is said to be, whatever the rows.
    let nullable = [false, true, true, false, true, false, true];
    let fields = Count::FIELDS.into_iter().zip(columns).zip(nullable);
    RecordBatch::try_from_iter_with_nullable(fields.map(|((name, column), nullable)| (name, column, nullable)))
}
