use ratatui::style::{Color, Modifier, Style};

use super::Theme;

const DARK: &str = include_str!("../../../themes/dark.toml");
const LIGHT: &str = include_str!("../../../themes/light.toml");

fn built_in(name: &str) -> Option<String> {
    match name {
        "dark" => Some(DARK.to_owned()),
        "light" => Some(LIGHT.to_owned()),
        _ => None,
    }
}

fn parsed(source: &str) -> (Theme, Vec<String>) {
    Theme::parse("mine.toml", source, &built_in)
}

fn dark() -> Theme {
    Theme::parse("dark", DARK, &built_in).0
}

#[test]
fn the_built_in_themes_are_without_fault_and_set_every_role() {
    for (name, source) in [("dark", DARK), ("light", LIGHT)] {
        let (_, warnings) = Theme::parse(name, source, &built_in);
        assert_eq!(warnings, Vec::<String>::new());
    }
    for (role, _) in Theme::default().roles() {
        let sets = |line: &str| line.split(" = ").next() == Some(role);
        assert!(DARK.lines().any(sets), "themes/dark.toml does not set {role}");
    }
}

#[test]
fn a_theme_changes_what_it_names_and_inherits_the_rest() {
    let (mine, warnings) = parsed(
        "inherits = \"light\"\naccent = \"plum\"\n\
         evidence = { fg = \"black\", bg = \"#ffd75f\", bold = true }\n\
         [palette]\nplum = \"#aa4488\"\n",
    );
    assert_eq!(warnings, Vec::<String>::new());
    assert_eq!(mine.accent, Style::new().fg(Color::Rgb(0xaa, 0x44, 0x88)));
    let evidence = Style::new().fg(Color::Black).bg(Color::Rgb(0xff, 0xd7, 0x5f));
    assert_eq!(mine.evidence, evidence.add_modifier(Modifier::BOLD));
    let light = Theme::parse("light", LIGHT, &built_in).0;
    assert_eq!(Theme { accent: light.accent, evidence: light.evidence, ..mine }, light);
}

#[test]
fn a_palette_entry_recolours_what_was_inherited() {
    let load = |name: &str| {
        (name == "base").then(|| "accent = \"main\"\n[palette]\nmain = \"red\"\n".to_owned())
    };
    let source = "inherits = \"base\"\n[palette]\nmain = \"green\"\n";
    let (mine, warnings) = Theme::parse("mine.toml", source, &load);
    assert_eq!(warnings, Vec::<String>::new());
    assert_eq!(mine.accent.fg, Some(Color::Green));
}

#[test]
fn every_fault_is_told_with_its_line_and_leaves_the_inherited_look() {
    let (mine, warnings) = parsed(
        "# mine\naccent = \"blu\"\nsparkle = \"red\"\ntitle = { bold = 1 }\n\
         border = { blink = true }\nmarked = 7\nwarning = \"magenta\"\n\
         [palette]\nodd = \"#12\"\n",
    );
    assert_eq!(
        warnings,
        [
            "Theme mine.toml, line 9: \"odd\" is not set to a colour (an ANSI name or \"#rrggbb\").",
            "Theme mine.toml, line 2: \"blu\" is neither a colour nor a name in [palette]; \
             \"accent\" keeps the style it inherits.",
            "Theme mine.toml, line 5: a style has no \"blink\"; \"border\" keeps the style it inherits.",
            "Theme mine.toml, line 6: a colour is written in quotes; \"marked\" keeps the style it \
             inherits.",
            "Theme mine.toml, line 3: there is no role \"sparkle\".",
            "Theme mine.toml, line 4: \"bold\" is true or false; \"title\" keeps the style it inherits.",
        ]
    );
    assert_eq!(mine, Theme { warning: Style::new().fg(Color::Magenta), ..dark() });
}

#[test]
fn a_file_that_is_no_toml_a_circle_and_a_missing_parent_are_told() {
    let (mine, warnings) = parsed("accent = \"red\"\ntitle = {\n");
    assert_eq!(mine, dark());
    assert!(warnings[0].starts_with("Theme mine.toml, line 2: this is not TOML"), "{warnings:?}");

    let (mine, warnings) = parsed("inherits = \"nobody\"\naccent = \"red\"\n");
    assert_eq!(warnings, ["Theme mine.toml, line 1: there is no theme named \"nobody\"."]);
    assert_eq!(mine, Theme { accent: Style::new().fg(Color::Red), ..dark() });

    let circle = |_: &str| Some("inherits = \"b\"\naccent = \"red\"\n".to_owned());
    let (mine, warnings) = Theme::parse("a", "inherits = \"b\"\n", &circle);
    assert_eq!(warnings, ["Theme b, line 1: \"b\" inherits from itself in a circle."]);
    assert_eq!(mine.accent.fg, Some(Color::Red));
}

#[test]
fn without_colours_the_states_that_matter_still_differ() {
    for theme in [dark(), Theme::parse("light", LIGHT, &built_in).0, Theme::default()] {
        let bare = theme.monochrome();
        assert!(bare.roles().iter().all(|(_, s)| s.fg.is_none() && s.bg.is_none()));
        let apart = [
            (bare.selection, bare.cursor),
            (bare.cursor, bare.text),
            (bare.evidence, bare.text),
            (bare.evidence, bare.found),
            (bare.accepted, bare.rejected),
            (bare.accepted, bare.unverified),
            (bare.border, bare.border_focus),
            (bare.title, bare.title_focus),
            (bare.added, bare.text),
            (bare.removed, bare.evidence),
        ];
        for (a, b) in apart {
            assert_ne!(a.add_modifier, b.add_modifier, "{a:?} {b:?}");
        }
    }
}
