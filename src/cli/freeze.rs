//! `kohort freeze`: the cut points of frozen attributes, computed and kept in `frozen.yaml`.

use std::collections::BTreeMap;
use std::path::Path;

use anstream::println;
use clap::Args;
use kohort::catalog::model::Catalog;
use kohort::frozen::model::{AttributeCuts, CutPoints};
use kohort::source::FileId;
use kohort::{AsOf, Diagnostic, Engine, Error, Project, Schemas, frozen};

use super::amounts::grouped;
use super::exit::Failure;
use super::output::Output;
use super::progress::Progress;
use super::project::ProjectArguments;
use super::signals;

/// Compute the cut points of frozen attributes, and keep them in `frozen.yaml`
///
/// An attribute with `frozen: true` is a rank by cut points that stay until this command computes them again, so that nobody moves
/// because others moved. The file stands beside the catalogue and belongs with it under version control.
#[derive(Args)]
#[command(after_help = "Examples:
  kohort freeze shop --as-of 2026-03-31               all frozen attributes
  kohort freeze shop spend_score --as-of 2026-03-31   one of them; the others stay as they are
  kohort freeze shop --as-of 2026-03-31 --dry-run     show what would be written")]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// Only these attributes [default: all that are frozen]
    #[arg(value_name = "ATTRIBUTE")]
    attributes: Vec<String>,
    /// The day or the instant to look from: 2026-03-31 (its end), 2026-03-31T10:00 or 2026-03-31T10:00+07:00
    #[arg(long, value_name = "WHEN")]
    as_of: String,
    /// Show the file and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Computes and writes. It fails if nothing is frozen.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let project = arguments.project.open()?;
    let Some(catalog) = project.catalog() else {
        let errors = project.check(&Schemas::new()).diagnostics.into_iter().filter(Diagnostic::is_error).collect();
        return Err(Failure::Diagnostics(project.sources().clone(), errors));
    };
    AsOf::parse(&arguments.as_of, catalog.timezone).map_err(|error| Failure::usage(error.to_string()))?;
    let frozen = catalog.attributes.iter().filter(|def| def.frozen.is_some());
    let frozen: Vec<String> = frozen.map(|def| def.name.text.clone()).collect();
    if frozen.is_empty() {
        return Err(Failure::usage("the project has no frozen attributes")
            .help("an attribute that is a rank is frozen by `frozen: true` in the catalogue"));
    }
    let subjects = Subjects::of(catalog);
    let unknown: Vec<String> = arguments.attributes.iter().filter(|name| !frozen.contains(name)).cloned().collect();
    let (project, asked) = match (unknown.is_empty(), arguments.attributes.is_empty()) {
        // Where everything is written anew, it does not matter what the file says now.
        (true, true) => (project.without_cut_points(), frozen),
        (true, false) => (project, arguments.attributes.clone()),
        // What is not there is told, whatever else is wanting.
        (false, _) => (project.without_cut_points().thaw(frozen), unknown),
    };
    let path = project.directory().map(Path::to_owned).unwrap_or_default().join(kohort::CUT_POINTS);
    signals::watch();
    let (cut_points, fresh) = super::eval::runtime()?.block_on(compute(arguments, project, asked))?;
    let text = frozen::write(&cut_points);
    if arguments.dry_run {
        let mut out = Output::open(None)?;
        std::io::Write::write_all(&mut out, text.as_bytes()).map_err(|error| out.refused(&error))?;
        return out.finish();
    }
    let mut out = Output::open(Some(&path))?;
    std::io::Write::write_all(&mut out, text.as_bytes()).map_err(|error| out.refused(&error))?;
    out.finish()?;
    for cuts in fresh {
        println!("{}", subjects.summary(&cuts));
    }
    println!("written to `{}`", path.display());
    Ok(())
}

/// All cut points, old and new, and the new ones.
async fn compute(
    arguments: &Arguments,
    project: Project,
    asked: Vec<String>,
) -> Result<(CutPoints, Vec<AttributeCuts>), Failure> {
    let progress = Progress::start();
    let sources = project.sources().clone();
    let failed = |error: Error| Failure::of_engine(error, &sources);
    let mut project = project.thaw(asked.clone());
    let mut cut_points = project.cut_points().cloned().unwrap_or(CutPoints { file: FileId(0), attributes: Vec::new() });
    let frozen = project.catalog().map(|catalog| &catalog.attributes).into_iter().flatten();
    let order: Vec<String> = frozen.filter(|def| def.frozen.is_some()).map(|def| def.name.text.clone()).collect();
    // What is not frozen any more has no cut points.
    cut_points.attributes.retain(|cuts| order.contains(&cuts.name.text));
    let mut left = asked;
    let mut fresh = Vec::new();
    while !left.is_empty() {
        let engine = Engine::open(project.clone()).await.map_err(failed)?;
        let as_of = engine.as_of(&arguments.as_of).map_err(failed)?;
        let now = engine.query(as_of).first_to_freeze(&left);
        // An unknown name is told by asking for it.
        let now = if now.is_empty() { left.clone() } else { now };
        let computed = engine.query(as_of).cut_points(&now).await.map_err(failed)?;
        for cuts in computed {
            cut_points.attributes.retain(|old| old.name.text != cuts.name.text);
            cut_points.attributes.push(cuts.clone());
            fresh.push(cuts);
        }
        left.retain(|name| !now.contains(name));
        project = project.with_cut_points(cut_points.clone(), left.clone());
    }
    cut_points.attributes.sort_by_key(|cuts| order.iter().position(|name| *name == cuts.name.text));
    drop(progress);
    Ok((cut_points, fresh))
}

/// The kind of subject of every frozen attribute, by name.
struct Subjects(BTreeMap<String, String>);

impl Subjects {
    fn of(catalog: &Catalog) -> Self {
        let first = catalog.subjects.first().map(|def| &def.name);
        let frozen = catalog.attributes.iter().filter(|def| def.frozen.is_some());
        let kinds = frozen.filter_map(|def| {
            let kind = def.of.as_ref().or(first)?;
            Some((def.name.text.clone(), kind.text.clone()))
        });
        Subjects(kinds.collect())
    }

    /// `spend_score: 4 cut points from 2,120 customers: 92.01, 214.8, 455.22, 1022.5`
    fn summary(&self, cuts: &AttributeCuts) -> String {
        let name = &cuts.name.text;
        let kind = self.0.get(name).map_or("subject", String::as_str);
        let counted = |number: u64, what: &str| {
            let plural = if number == 1 { "" } else { "s" };
            format!("{} {what}{plural}", grouped(number))
        };
        match cuts.groups.as_slice() {
            [group] if group.per.is_none() => {
                let bounds: Vec<&str> = group.bounds.iter().map(|bound| bound.value.as_str()).collect();
                let points = counted(bounds.len() as u64, "cut point");
                format!("{name}: {points} from {}: {}", counted(group.population, kind), bounds.join(", "))
            }
            groups => {
                let population = groups.iter().map(|group| group.population).sum();
                let of = counted(groups.len() as u64, "group");
                format!("{name}: cut points of {of}, from {} in all", counted(population, kind))
            }
        }
    }
}
