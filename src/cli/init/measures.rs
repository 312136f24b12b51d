//! What is counted about a subject: metrics over the rows that say most, and attributes.

use super::draft::{Definition, Draft, Said, TableDraft};
use super::facts::{ColumnFacts, TableFacts};
use super::names::{Names, spoken};
use super::roles::{self, Name};
use super::tables::Known;
use super::words::Sense;

/// Closed sets that are written down, at most.
const SETS: usize = 3;

/// The rows that say most about a subject, and what is counted of them.
#[derive(Clone, Debug, Default)]
pub struct Activity {
    /// The table they are in.
    pub table: String,
    /// The rows of it that are counted: the table, or one made from it without returns.
    pub rows: String,
    /// Money: the metric.
    pub spend: Option<String>,
    /// How many purchases: the metric.
    pub orders: Option<String>,
    /// On how many days: the metric.
    pub visits: Option<String>,
    /// The first time: the attribute.
    pub first: Option<String>,
    /// The last time: the attribute.
    pub last: Option<String>,
    /// Attributes, or columns, with few values: the name and the values, most frequent first.
    pub groups: Vec<(String, Vec<(String, u64)>)>,
}

/// What the rows of a table come to.
enum Money {
    /// A column of it.
    Column(String),
    /// So many pieces at a price.
    Pieces { quantity: String, price: String, returns: bool },
}

impl Known<'_> {
    /// Writes metrics and attributes into a draft, and says what rules can be made of.
    pub fn measure(&self, draft: &mut Draft) -> Activity {
        let mut names = Names::default();
        self.take_names(draft, &mut names);
        let mut activity = Activity::default();
        if let Some((table, facts)) = self.main_table(draft) {
            activity.table = table.name.clone();
            let rows = self.money(draft, &table, facts, &mut names, &mut activity);
            self.count(draft, &table, facts, &rows, &mut names, &mut activity);
            activity.rows = rows;
            self.others(draft, &table.name, &mut names);
        }
        self.groups(draft, &mut names, &mut activity);
        activity
    }

    /// Columns and lookups of the subject's table are attributes already.
    fn take_names(&self, draft: &Draft, names: &mut Names) {
        let columns =
            self.subject.table.and_then(|at| self.facts.table(at)).into_iter().flat_map(|table| &table.columns);
        columns.for_each(|column| names.take(&column.name));
        draft.subject_lookups.iter().for_each(|(name, _)| names.take(name));
        names.take(&draft.subject);
    }

    /// The table whose rows are most like purchases.
    fn main_table(&self, draft: &Draft) -> Option<(TableDraft, &TableFacts)> {
        let score = |table: &TableDraft, facts: &TableFacts| {
            let name = Name::new(&table.name);
            let direct = table.subject.as_ref().is_some_and(|path| !path.value.contains('.'));
            let money = match money(facts) {
                Some(Money::Column(_)) => 10,
                Some(Money::Pieces { .. }) => 8,
                None => 0,
            };
            let is_order = name.has(Sense::Order) && !name.has(Sense::Line);
            20 * i64::from(table.time.is_some()) + 6 * i64::from(direct) + money + 5 * i64::from(is_order)
        };
        let mut best: Option<(i64, &TableDraft, &TableFacts)> = None;
        for table in draft.tables.iter().filter(|table| table.subject.is_some()) {
            let Some(facts) = self.facts.tables.iter().find(|facts| facts.name == table.name) else { continue };
            let score = score(table, facts);
            if best.is_none_or(|(so_far, ..)| score > so_far) {
                best = Some((score, table, facts));
            }
        }
        best.map(|(_, table, facts)| (table.clone(), facts))
    }

    /// The money of the main table; gives the table whose rows are purchases and not returns.
    fn money(
        &self,
        draft: &mut Draft,
        table: &TableDraft,
        facts: &TableFacts,
        names: &mut Names,
        found: &mut Activity,
    ) -> String {
        let name = &table.name;
        let Some(money) = money(facts) else { return name.clone() };
        let (is, rows, why) = match money {
            Money::Column(column) => {
                let below = facts.column(&column).is_some_and(ColumnFacts::goes_below_zero);
                let why = if below { "negative amounts count against it" } else { "" };
                (format!("sum({column} of {name})"), name.clone(), why.to_owned())
            }
            Money::Pieces { quantity, price, returns: false } => {
                let why = format!("there is no column for the whole amount, so `{quantity}` times `{price}` is taken");
                (format!("sum({quantity} * {price} of {name})"), name.clone(), why)
            }
            Money::Pieces { quantity, price, returns: true } => {
                let (sales, value) = returns_apart(draft, table, facts, &quantity, &price);
                (
                    format!("sum({value} of {sales})"),
                    sales,
                    "returns are not taken off: see the table `returns`".to_owned(),
                )
            }
        };
        let metric = names.choose(&["spend", "spend_total"]);
        draft.metrics.push(Definition {
            name: metric.clone(),
            is,
            label: "Spend".to_owned(),
            why,
            ..Definition::default()
        });
        found.spend = Some(metric);
        rows
    }

    /// Purchases, days, averages, first and last.
    fn count(
        &self,
        draft: &mut Draft,
        table: &TableDraft,
        facts: &TableFacts,
        rows: &str,
        names: &mut Names,
        found: &mut Activity,
    ) {
        let purchases = facts.columns.iter().filter(|column| !column.unique && Some(&column.name) != own_column(table));
        let purchase =
            purchases.filter(|column| roles::purchase(column) > 0).max_by_key(|column| roles::purchase(column));
        let bought = found.spend.is_some() || Name::new(&table.name).has(Sense::Order);
        let (is, why) = match purchase {
            Some(column) => {
                let why = format!("rows with one `{}` are one purchase", column.name);
                (format!("count(distinct {} of {rows})", column.name), why)
            }
            None => match money(facts) {
                Some(Money::Column(paid)) if facts.column(&paid).is_some_and(|paid| paid.unknown * 5 > facts.rows) => {
                    (format!("count({paid} of {rows})"), format!("rows whose `{paid}` is known"))
                }
                _ => (format!("count({rows})"), "every row counts once".to_owned()),
            },
        };
        let (name, label) = if bought { ("orders", "Orders") } else { ("events", "Events") };
        let orders = names.choose(&[name, &format!("{rows}_count")]);
        let mut add = |name: &str, is: String, label: &str, why: String| {
            let label = label.to_owned();
            draft.metrics.push(Definition { name: name.to_owned(), is, label, why, ..Definition::default() });
        };
        add(&orders, is, label, why);
        if table.time.is_some() {
            let visits = names.choose(&["visits", "active_days"]);
            add(
                &visits,
                format!("count(distinct day(at) of {rows})"),
                "Visits",
                "different days with a row".to_owned(),
            );
            found.visits = Some(visits);
        }
        if let Some(spend) = &found.spend {
            let basket = names.choose(&["basket", "average_basket"]);
            let why = "of nothing it is unknown, never 0".to_owned();
            add(
                &basket,
                format!("{spend} / {orders}"),
                &format!("Spend per {}", label.trim_end_matches('s').to_lowercase()),
                why,
            );
        }
        found.orders = Some(orders);
        if table.time.is_some() {
            for (place, aggregate, wished) in
                [(&mut found.first, "first", "first_seen"), (&mut found.last, "last", "last_seen")]
            {
                let name = names.choose(&[wished, &format!("{wished}_at")]);
                let is = format!("{aggregate}(at of {rows})");
                draft.attributes.push(Definition { name: name.clone(), is, ..Definition::default() });
                *place = Some(name);
            }
        }
    }

    /// How many rows there are of each other table.
    fn others(&self, draft: &mut Draft, main: &str, names: &mut Names) {
        let counted = |table: &&TableDraft| table.subject.is_some() && table.time.is_some() && table.from.is_none();
        let others = draft.tables.iter().filter(counted).filter(|table| table.name != main);
        let others: Vec<String> = others.map(|table| table.name.clone()).take(4).collect();
        for table in others {
            let name = names.choose(&[&format!("{table}_count"), &format!("{table}_rows")]);
            let label = format!("Rows of {}", spoken(&table));
            draft.metrics.push(Definition { name, is: format!("count({table})"), label, ..Definition::default() });
        }
    }

    /// Columns with few values: of the subject's table, else the last known value of the main table's rows.
    fn groups(&self, draft: &mut Draft, names: &mut Names, found: &mut Activity) {
        let own = self.subject.table.and_then(|at| self.facts.table(at));
        let main = self.facts.tables.iter().find(|facts| facts.name == found.table);
        let timeless = draft.tables.iter().find(|table| table.subject.is_some() && table.time.is_none());
        let timeless = timeless.and_then(|table| self.facts.tables.iter().find(|facts| facts.name == table.name));
        let mut room = SETS;
        for (facts, is_own) in
            own.map(|facts| (facts, true)).into_iter().chain(timeless.or(main).map(|facts| (facts, false)))
        {
            let key = draft.table(&facts.name).and_then(own_column).cloned();
            let columns = group_columns(facts).into_iter().filter(|column| Some(&column.name) != key.as_ref());
            for column in columns.take(room) {
                let Some(values) = column.values.clone() else { continue };
                let (wished, is, why) = match is_own {
                    true => (
                        format!("{}_{}", draft.subject, column.name.to_lowercase()),
                        column.name.clone(),
                        "a closed set: a rule that asks for anything else is an error",
                    ),
                    false => (
                        column.name.clone(),
                        format!("last({} of {})", column.name, facts.name),
                        "the last known value of the rows",
                    ),
                };
                let name = names.choose(&[&wished, &format!("{wished}_group")]);
                let set = values.iter().map(|(value, _)| value.clone()).collect();
                let label = String::new();
                draft.attributes.push(Definition { name: name.clone(), is, label, values: set, why: why.to_owned() });
                found.groups.push((name, values));
                room -= 1;
            }
            if room == 0 || is_own && !found.groups.is_empty() {
                break;
            }
        }
    }
}

fn own_column(table: &TableDraft) -> Option<&String> {
    table.subject.as_ref().map(|subject| &subject.value)
}

fn group_columns(facts: &TableFacts) -> Vec<&ColumnFacts> {
    let mut columns: Vec<&ColumnFacts> =
        facts.columns.iter().filter(|column| roles::group(column, facts.rows) >= 4).collect();
    columns.sort_by_key(|column| std::cmp::Reverse(roles::group(column, facts.rows)));
    columns
}

/// What the rows of a table come to, if its columns tell.
fn money(facts: &TableFacts) -> Option<Money> {
    let best = |role: fn(&ColumnFacts) -> u32| {
        let scored = facts.columns.iter().enumerate().map(|(at, column)| (role(column), at, column));
        scored.filter(|(score, ..)| *score > 0).max_by_key(|(score, at, _)| (*score, usize::MAX - at))
    };
    let (amount, price, quantity) = (best(roles::amount), best(roles::price), best(roles::quantity));
    match (amount, price, quantity) {
        (Some((9.., _, amount)), ..) => Some(Money::Column(amount.name.clone())),
        (_, Some((_, _, price)), Some((_, _, quantity))) if price.name != quantity.name => Some(Money::Pieces {
            quantity: quantity.name.clone(),
            price: price.name.clone(),
            returns: quantity.goes_below_zero(),
        }),
        (Some((_, _, amount)), ..) => Some(Money::Column(amount.name.clone())),
        (None, Some((_, _, price)), None) => Some(Money::Column(price.name.clone())),
        _ => None,
    }
}

/// Two tables made from one: what went out, and what came back. Gives the names of the first and of the
/// column that has the value of a row.
fn returns_apart(
    draft: &mut Draft,
    table: &TableDraft,
    facts: &TableFacts,
    quantity: &str,
    price: &str,
) -> (String, String) {
    let mut names = Names::default();
    draft.tables.iter().for_each(|table| names.take(&table.name));
    let sales = names.choose(&["sales", "sold"]);
    let returns = names.choose(&["returns", "returned"]);
    let mut columns = Names::default();
    facts.columns.iter().for_each(|column| columns.take(&column.name));
    columns.take(&draft.subject);
    let value = if columns.is_free("value") { "value" } else { "row_value" };
    for (name, sign, factor, about) in [
        (&sales, ">", "", "What was sold: rows with a positive quantity."),
        (&returns, "<", "-", "What came back: rows with a negative quantity, their value counted upwards."),
    ] {
        draft.tables.push(TableDraft {
            name: name.clone(),
            about: vec![about.to_owned()],
            from: Some(table.name.clone()),
            filter: Some(Said::new(format!("{quantity} {sign} 0"), "")),
            columns: vec![(value.to_owned(), Said::new(format!("{factor}{quantity} * {price}"), ""))],
            ..TableDraft::default()
        });
    }
    (sales, value.to_owned())
}
