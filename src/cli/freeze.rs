//! `kohort freeze`: the cut points of frozen attributes, computed and kept in `frozen.yaml`.

use std::path::Path;

use anstream::println;
use clap::Args;
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
    // Where everything is written anew, it does not matter what the file says now.
    let (project, asked) = match arguments.attributes.is_empty() {
        true => (project.without_cut_points(), frozen),
        false => (project, arguments.attributes.clone()),
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
        println!("{}", summary(&cuts));
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

/// `spend_score: 4 cut points from 2,120 subjects: 92.01, 214.8, 455.22, 1022.5`
fn summary(cuts: &AttributeCuts) -> String {
    let name = &cuts.name.text;
    match cuts.groups.as_slice() {
        [group] if group.per.is_none() => {
            let bounds: Vec<&str> = group.bounds.iter().map(|bound| bound.value.as_str()).collect();
            let plural = if bounds.len() == 1 { "" } else { "s" };
            format!(
                "{name}: {} cut point{plural} from {}: {}",
                bounds.len(),
                grouped(group.population),
                bounds.join(", ")
            )
        }
        groups => {
            let population = groups.iter().map(|group| group.population).sum();
            format!("{name}: cut points of {} groups, from {} in all", groups.len(), grouped(population))
        }
    }
}
