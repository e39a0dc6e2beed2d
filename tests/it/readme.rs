//! The README's table of keys is the command table's.

use std::fs;
use std::path::Path;

use galley::app::command::BINDINGS;

const BEGIN: &str = "<!-- keys: made from the command table by tests/it/readme.rs -->\n";
const END: &str = "<!-- end of keys -->";

fn table() -> String {
    let mut table = "| key | does |\n|---|---|\n".to_owned();
    for binding in BINDINGS {
        let keys: Vec<String> = binding.keys.iter().map(|key| format!("`{key}`")).collect();
        table += &["| ", &keys.join(" "), " | ", binding.help, " |\n"].concat();
    }
    table
}

#[test]
fn the_readme_lists_the_keys_as_they_are() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&file).expect("the README");
    let (before, rest) = readme.split_once(BEGIN).expect("the table's beginning is marked");
    let (written, after) = rest.split_once(END).expect("the table's end is marked");
    if std::env::var_os("GALLEY_UPDATE_README").is_some() {
        let fresh = [before, BEGIN, &table(), END, after].concat();
        fs::write(&file, fresh).expect("the README can be written");
        return;
    }
    assert_eq!(written, table(), "GALLEY_UPDATE_README=1 brings the README up to date");
}
