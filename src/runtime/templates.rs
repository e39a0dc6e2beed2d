//! The templates in force: the built-in ones and the person's own, which
//! override by name. A file with a mistake leaves its last good version.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::assets;
use crate::domain::template::{Origin, Template};

#[derive(Debug)]
pub struct Library {
    folder: PathBuf,
    in_force: BTreeMap<String, Template>,
}

impl Library {
    /// A library over the person's template folder, which need not exist.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), in_force: BTreeMap::new() }
    }

    /// Reads everything again. Gives the templates in force, and a sentence
    /// for each file that has a mistake.
    pub fn load(&mut self) -> (Vec<Template>, Vec<String>) {
        let mut problems = Vec::new();
        let mut fresh = built_in(&mut problems);
        match own_files(&self.folder) {
            Ok(files) => {
                for file in files {
                    self.load_file(&file, &mut fresh, &mut problems);
                }
            }
            Err(e) => {
                problems.push(format!("{} cannot be listed ({e}).", self.folder.display()));
            }
        }
        self.in_force = fresh;
        (self.in_force.values().cloned().collect(), problems)
    }

    fn load_file(
        &self,
        file: &Path,
        fresh: &mut BTreeMap<String, Template>,
        problems: &mut Vec<String>,
    ) {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let parsed = fs::read_to_string(file)
            .map_err(|e| format!("{} cannot be read ({e}).", file.display()))
            .and_then(|text| {
                Template::parse(&text, &stem, Some(file.to_owned())).map_err(|e| e.to_string())
            });
        match parsed {
            Ok(template) => {
                fresh.insert(template.name.clone(), template);
            }
            Err(problem) => {
                let of_file = |t: &&Template| t.origin == Origin::File(file.to_owned());
                let last_good = self.in_force.values().find(of_file);
                let kept =
                    if last_good.is_some() { " The last good version stays in force." } else { "" };
                problems.push(format!("{problem}{kept}"));
                fresh.extend(last_good.map(|t| (t.name.clone(), t.clone())));
            }
        }
    }

    /// The file in which a template can be edited. Of a built-in one a copy
    /// is made in the person's folder first; a copy that is there stays.
    ///
    /// # Errors
    /// A sentence, where there is no such template or the copy cannot be written.
    pub fn editable(&self, name: &str) -> Result<PathBuf, String> {
        let template = self
            .in_force
            .get(name)
            .ok_or_else(|| format!("There is no template {name:?} in force."))?;
        if let Origin::File(file) = &template.origin {
            return Ok(file.clone());
        }
        let file = self.folder.join(format!("{name}.md"));
        if !file.exists() {
            let text = assets::prompts().into_iter().find(|a| a.name == name).map(|a| a.text);
            fs::create_dir_all(&self.folder)
                .and_then(|()| assets::write_whole(&file, text.unwrap_or_default().as_bytes()))
                .map_err(|e| format!("{} cannot be written ({e}).", file.display()))?;
        }
        Ok(file)
    }
}

fn built_in(problems: &mut Vec<String>) -> BTreeMap<String, Template> {
    let mut templates = BTreeMap::new();
    for asset in assets::prompts() {
        match Template::parse(asset.text, asset.name, None) {
            Ok(template) => {
                templates.insert(template.name.clone(), template);
            }
            Err(e) => problems.push(e.to_string()),
        }
    }
    templates
}

fn own_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let listing = match fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(e),
    };
    let mut files: Vec<PathBuf> = listing
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .filter(|path| !path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.')))
        .collect();
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "+++\nname = \"extract\"\ntitle = \"Mine\"\nkind = \"extract\"\n[[fields]]\n\
        name = \"f\"\ntitle = \"F\"\nask = \"Copy.\"\n+++\n## user\n{{ chunk }} {{ field.ask }}\n";

    fn title(library: &mut Library) -> (String, Vec<String>) {
        let (templates, problems) = library.load();
        let extract = templates.iter().find(|t| t.name == "extract").expect("extract is there");
        (extract.title.clone(), problems)
    }

    #[test]
    fn an_own_template_overrides_by_name_and_its_last_good_version_survives_a_mistake() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("extract.md");
        let mut library = Library::new(folder.path());
        assert_eq!(title(&mut library).0, "Extract facts");
        fs::write(&file, OWN).expect("written");
        assert_eq!(title(&mut library), ("Mine".into(), vec![]));
        fs::write(&file, OWN.replace("{{ chunk }}", "{{ junk }}")).expect("written");
        let (kept, problems) = title(&mut library);
        assert_eq!(kept, "Mine");
        assert!(problems[0].contains("extract.md, line 11"), "{problems:?}");
        fs::remove_file(&file).expect("removed");
        assert_eq!(title(&mut library), ("Extract facts".into(), vec![]));
    }

    #[test]
    fn a_built_in_template_is_copied_before_it_is_edited_and_a_copy_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut library = Library::new(&folder.path().join("prompts"));
        library.load();
        let file = library.editable("triage").expect("a file");
        assert!(fs::read_to_string(&file).expect("read").contains("Key facts"));
        fs::write(&file, "mine").expect("written");
        assert_eq!(library.editable("triage"), Ok(file.clone()));
        assert_eq!(fs::read_to_string(&file).expect("read"), "mine");
        assert!(library.editable("nothing").is_err());
    }
}
