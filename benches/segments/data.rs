//! The data: made once, kept under `target/bench`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::generator;
use super::shop::{JAKARTA, Shop};

/// So many customers of Jakarta have as many transactions as there are orders at scale factor 1.
const CUSTOMERS: f64 = 45_000.0;

/// The directory that holds a shop's files at a scale; what is missing is made first.
pub fn directory(root: &Path, shop: &Shop, scale: &str, venv: Option<&Path>) -> PathBuf {
    if shop.name == JAKARTA.name {
        let directory = root.join(format!("jakarta{scale}"));
        if !directory.join(JAKARTA.events.file).exists() {
            let factor: f64 = scale.parse().expect("a number");
            let customers = (factor * CUSTOMERS).ceil() as u64;
            eprintln!("making Jakarta with {customers} customers");
            let part = root.join(format!("jakarta{scale}.new"));
            let options =
                generator::Options { customers, format: generator::Format::Parquet, ..generator::Options::default() };
            generator::generate(&part, &options).expect("the data is made");
            fs::rename(&part, &directory).expect("the data is moved");
        }
        return directory;
    }
    let directory = root.join(format!("tpch{scale}"));
    let files = shop.files(&directory);
    if !(files.subjects.exists() && files.events.exists()) {
        let Some(venv) = venv else {
            panic!("`{}` has no data yet: benches/segments.sh makes it", directory.display())
        };
        eprintln!("making TPC-H at scale factor {scale}");
        make(&directory, scale, venv);
    }
    directory
}

fn make(directory: &Path, scale: &str, venv: &Path) {
    fs::create_dir_all(directory).expect("a directory");
    if !(directory.join("orders.parquet").exists() && directory.join("customer.parquet").exists()) {
        let part = directory.join("new");
        let mut command = Command::new(venv.join("bin/tpchgen-cli"));
        command.args(["parquet", "--scale-factor", scale, "--tables", "orders,customer", "--output-dir"]).arg(&part);
        run(&mut command);
        for file in ["orders.parquet", "customer.parquet"] {
            fs::rename(part.join(file), directory.join(file)).expect("the data is moved");
        }
        fs::remove_dir_all(&part).expect("it goes");
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/segments/derive.py");
    run(Command::new(venv.join("bin/python")).arg(script).arg(directory));
}

fn run(command: &mut Command) {
    let status = command.status().expect("it starts");
    assert!(status.success(), "the command fails: {command:?}");
}
