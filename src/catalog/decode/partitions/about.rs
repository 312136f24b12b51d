//! What can be said of tiers, bands, partitions and charts of every kind, beside what divides them.

use crate::catalog::decode::values;
use crate::catalog::model::{PartitionDef, PartitionKind, Placed};
use crate::diagnostic::Diagnostic;
use crate::source::yaml::fields::Fields;
use crate::syntax::ast::{Ident, Path};

/// The keys that are read here.
pub(super) const KEYS: [&str; 6] = ["label", "description", "owner", "tags", "of", "within"];

/// What is said about a partition.
#[derive(Default)]
pub(super) struct About {
    label: Option<String>,
    description: Option<String>,
    owner: Option<String>,
    tags: Vec<Placed<String>>,
    of: Option<Ident>,
    within: Option<Path>,
}

impl About {
    /// Takes the keys that are here.
    pub fn take(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> Self {
        let about = About {
            label: fields.take("label").and_then(|node| values::plain_string(node, "`label`", out)),
            description: fields.take("description").and_then(|node| values::plain_string(node, "`description`", out)),
            owner: fields.take("owner").and_then(|node| values::plain_string(node, "`owner`", out)),
            tags: fields.take("tags").map(|node| values::strings(node, "`tags`", out)).unwrap_or_default(),
            of: fields.take("of").and_then(|node| values::name(node, "`of`", out)),
            within: fields.take("within").and_then(|node| values::path(node, "`within`", out)),
        };
        fields.elsewhere("name", "the name is the key above; `label:` is what people call it");
        about
    }

    /// The partition of this name that is so described.
    pub fn of(self, name: Ident, kind: PartitionKind) -> PartitionDef {
        let About { label, description, owner, tags, of, within } = self;
        PartitionDef { name, label, description, owner, tags, of, within, kind }
    }
}
