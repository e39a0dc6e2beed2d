//! `galley jobs`: the templates in force, and what is wrong with them.

use clap::Subcommand;

use super::output::{complain, print_line};
use super::{COULD_NOT_RUN, DONE};
use crate::domain::template::Origin;
use crate::paths::Paths;
use crate::runtime::templates::Library;

#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Action {
    /// List the templates in force.
    List,
    /// Check all templates; exit 1 where one has a mistake.
    Check,
}

pub fn main(action: Option<Action>, paths: &Paths) -> u8 {
    let (templates, problems) = Library::new(&paths.prompts()).load();
    match action {
        None | Some(Action::List) => {
            for template in &templates {
                let origin = match &template.origin {
                    Origin::BuiltIn => "built in".to_owned(),
                    Origin::File(file) => file.display().to_string(),
                };
                print_line(&format!("{:<12} {} ({origin})", template.name, template.title));
                print_line(&format!("{:<12} {}", "", template.description));
            }
            print_line(&format!("\nYour own templates go into {}.", paths.prompts().display()));
        }
        Some(Action::Check) => {
            print_line(&format!("{} templates are sound.", templates.len()));
        }
    }
    for problem in &problems {
        complain(problem);
    }
    if problems.is_empty() { DONE } else { COULD_NOT_RUN }
}
