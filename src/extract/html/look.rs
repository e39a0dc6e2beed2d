//! How an element's text looks once its declarations meet what it inherits,
//! and whether it is seen at all. Knows no tree.

use super::colour::{Colour, Rgb, alike};
use super::declared::{Counting, Declared};
use crate::domain::marks::AsideKind;

/// Text moved farther out than this, in CSS pixels, is on no screen.
const OFF_SCREEN: f32 = -400.0;

/// Letters below this size, in CSS pixels, are dots.
const LEGIBLE: f32 = 2.0;

/// What text inherits from the elements around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// `None` where nobody knows it.
    pub ink: Option<Rgb>,
    /// What is behind the letters; `None` where nobody knows it.
    pub paper: Option<Rgb>,
    /// Size of letters in CSS pixels.
    pub size: f32,
    /// By `visibility`, which an inner element can take back.
    pub unseen: bool,
    /// Hidden in a way that no inner element can take back.
    pub gone: Option<AsideKind>,
    pub counting: Option<Counting>,
    /// Whether line ends and spaces are layout.
    pub literal: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            ink: Some([0; 3]),
            paper: Some([255; 3]),
            size: 16.0,
            unseen: false,
            gone: None,
            counting: None,
            literal: false,
        }
    }
}

impl Look {
    /// The look of an element inside, with its own declarations.
    pub fn inside(self, declared: &Declared) -> Self {
        let mut look = self;
        match declared.colour {
            Some(Colour::Solid(rgb)) => look.ink = Some(rgb),
            Some(Colour::Unknown) => look.ink = None,
            Some(Colour::Clear) | None => {}
        }
        match declared.background {
            Some(Colour::Solid(rgb)) => look.paper = Some(rgb),
            Some(Colour::Unknown) => look.paper = None,
            Some(Colour::Clear) | None => {}
        }
        look.size = declared.font_size.map_or(self.size, |size| size.px(self.size));
        look.unseen = declared.unseen.unwrap_or(self.unseen);
        look.counting = declared.counting.or(self.counting);
        look.literal = declared.literal.unwrap_or(self.literal);
        look.gone = self.gone.or_else(|| gone(declared, look.size));
        look
    }

    /// Why text that looks so is not seen; `None` where it is.
    pub fn hidden(&self) -> Option<AsideKind> {
        if self.gone.is_some() {
            return self.gone;
        }
        if self.unseen {
            return Some(AsideKind::Invisible);
        }
        if self.size < LEGIBLE {
            return Some(AsideKind::Tiny);
        }
        let same = self.ink.zip(self.paper).is_some_and(|(ink, paper)| alike(ink, paper));
        same.then_some(AsideKind::SameColour)
    }
}

fn gone(declared: &Declared, em: f32) -> Option<AsideKind> {
    let clear = declared.colour == Some(Colour::Clear);
    if declared.gone == Some(true) || declared.opacity.is_some_and(|o| o < 0.05) || clear {
        return Some(AsideKind::Invisible);
    }
    let out = |length: super::declared::Length| length.px(em) <= OFF_SCREEN;
    let moved = declared.text_indent.is_some_and(out) || declared.shift.is_some_and(out);
    let no_room = declared.cut_off == Some(true)
        && declared.extent.is_some_and(|extent| extent.px(em) <= 1.0);
    // `clip` works on positioned elements alone; `clip-path` is used with it.
    let clipped = declared.clipped == Some(true) && declared.positioned == Some(true);
    (moved || no_room || clipped).then_some(AsideKind::OffPage)
}

#[cfg(test)]
mod tests {
    use super::super::declared;
    use super::*;

    fn hidden(styles: &[&str]) -> Option<AsideKind> {
        let outermost = Look::default();
        let look = styles.iter().fold(outermost, |look, css| {
            let block = declared::parse(css);
            look.inside(&block.normal.under(block.important))
        });
        look.hidden()
    }

    #[test]
    fn every_way_of_hiding_is_known_by_its_kind() {
        use AsideKind::{Invisible, OffPage, SameColour, Tiny};
        for (css, expected) in [
            ("display: none", Some(Invisible)),
            ("DISPLAY:NONE !important", Some(Invisible)),
            ("visibility:hidden", Some(Invisible)),
            ("opacity:0", Some(Invisible)),
            ("opacity:0.8", None),
            ("color: transparent", Some(Invisible)),
            ("mso-hide:all", Some(Invisible)),
            ("font-size:0", Some(Tiny)),
            ("font-size: 1px", Some(Tiny)),
            ("font:0/0 a", Some(Tiny)),
            ("font:bold 12px/1.5 Arial", None),
            ("font-size:8pt", None),
            ("text-indent:-9999px", Some(OffPage)),
            ("position:absolute; left:-999em", Some(OffPage)),
            ("margin-left:-0.5in;text-indent:-18pt", None),
            ("position:absolute;clip:rect(0 0 0 0)", Some(OffPage)),
            ("height:1px;overflow:hidden", Some(OffPage)),
            ("height:1px", None),
            ("color:#fff", Some(SameColour)),
            ("color:#fdfdfd", Some(SameColour)),
            ("color:white;background:#036", None),
            ("color:white;background:url(a.png) #fff", None),
            ("color:white;background:linear-gradient(red, blue)", None),
            ("color:rgb(0,0,0);background-color:black", Some(SameColour)),
            ("color:windowtext; d\\isplay:none", Some(Invisible)),
            ("nonsense; color; :; }{", None),
        ] {
            assert_eq!(hidden(&[css]), expected, "{css}");
        }
    }

    #[test]
    fn what_is_inherited_can_be_taken_back_only_where_css_lets_it() {
        assert_eq!(hidden(&["visibility:hidden", "visibility:visible"]), None);
        assert_eq!(hidden(&["font-size:0", "font-size:12px"]), None);
        assert_eq!(hidden(&["background:#000;color:#fff", "font-weight:bold"]), None);
        assert_eq!(
            hidden(&["background:#000;color:#fff", "background:#fff"]),
            Some(AsideKind::SameColour)
        );
        assert_eq!(hidden(&["display:none", "display:block"]), Some(AsideKind::Invisible));
        assert_eq!(hidden(&["font-size:10px", "font-size:10%"]), Some(AsideKind::Tiny));
    }
}
