//! Words that carry what a sentence is about, in the languages of the recognisers:
//! no function words, no fillers of speech, inflections folded. Knows no documents.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Words that say nothing of a subject: English, German, French, Spanish, Italian,
/// Portuguese, then what people say while they think.
const EMPTY: &str = "\
    the and for are was were been being has have had does did will would shall should can could may \
    might must not this that these those with from into onto upon under over between about after before \
    than then there their they them his her hers its our ours your yours you she him who whom whose which \
    what when where why how all any each every other another such same some both either neither more most \
    less least very too also only own out off per via but nor yet because while until unless although \
    though through during above below again further here once itself himself herself themselves myself \
    hereof herein hereto hereby hereunder thereof therein thereto thereby thereunder hereinafter whereas \
    within without against one two let make made take took put say says said tell told ask asked see seen \
    come came give gave given get got use used way day still even ever never many much well back now \
    der die das den dem des ein eine einen einem einer eines und oder aber nicht auch sich ist sind war \
    waren wird werden wurde wurden hat haben hatte hatten kann können soll sollen muss müssen darf dürfen \
    für mit von vom zum zur bei auf aus nach vor über unter zwischen durch ohne gegen bis als wie wenn dass \
    dieser diese dieses jeder jede jedes wir ihr sie ihnen uns euch sein seine seiner mein dein nur noch \
    schon sehr mehr man wer was wann ihm ihn ich \
    les des une est sont était être été avoir ont avait sera seront peut doit pour par avec sans sous sur \
    dans entre chez vers dont que qui quoi quand mais donc car pas plus moins très aussi ainsi cette ces \
    son ses leur leurs notre votre nous vous ils elles elle tout tous toute toutes aux \
    los las una unos unas del con sin para por que quien cuando donde como pero más muy también este esta \
    estos estas ese esa eso ser sido son era fue han había será puede debe sobre desde hasta entre sus \
    nos les lo al \
    gli uno una dei degli delle della dello del nel nella nei sul sulla con per tra fra che chi cui come \
    quando dove non più anche questo questa questi queste sono era stato essere hanno aveva sarà può deve \
    loro suo sua suoi sue \
    dos das uma uns umas com sem pelo pela pelos pelas nos nas num numa quem não mais também este esta \
    isto esse essa isso são foi foram tem têm tinha será pode deve seu seus suas \
    yeah yes okay yep yup nope hmm mmm mhm uhm huh like just really actually basically kind sort thing \
    things stuff lot bit think know mean want going gonna wanna gotta right guess maybe probably thanks \
    thank please hello sorry sure anyway something anything everything somebody anybody everybody \
    someone anyone everyone need look yourself good great nice cool fine vocalsound disfmarker gap \
    isn don doesn didn wasn weren hasn haven hadn won wouldn couldn shouldn can't don't doesn't didn't \
    isn't wasn't weren't it's that's there's what's we're they're you're i'm we've i've you've they've \
    we'll i'll you'll they'll he'll she'll he's she's let's";

static IS_EMPTY: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| EMPTY.split_whitespace().collect());

/// Longest word that is taken for one, in bytes; addresses are longer.
const LONGEST: usize = 40;

/// The words of a text as they stand, without what is about them.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’' | '-')));
    parts.map(|word| word.trim_matches(['\'', '’', '-'])).filter(|word| !word.is_empty())
}

/// The words that carry what a text is about, folded, in order and with repeats.
pub(super) fn telling(text: &str) -> impl Iterator<Item = String> {
    words(text).filter_map(folded)
}

/// A telling word without its inflection; `None` of any other word.
pub(super) fn folded(word: &str) -> Option<String> {
    if word.len() > LONGEST || word.chars().count() < 3 || word.chars().any(|c| c.is_ascii_digit())
    {
        return None;
    }
    let lower = word.to_lowercase().replace('’', "'");
    // "I'd", "they'll", "company's", but "l'avenant".
    let bare = match lower.split_once('\'') {
        Some((before, after)) if before.chars().count() > after.chars().count() => before,
        Some((_, after)) if after.chars().count() >= 4 => after,
        Some(_) => return None,
        None => &lower,
    };
    let empty =
        bare.chars().count() < 3 || [lower.as_str(), bare].iter().any(|w| IS_EMPTY.contains(w));
    (!empty).then(|| stem(bare).to_owned())
}

/// Folds the commonest endings: "invoices", "delivered" and "delivering" meet their
/// verbs and nouns often enough to compare sentences; nobody sees the result.
fn stem(word: &str) -> &str {
    for ending in ["ing", "ed", "es", "s", "en", "e"] {
        if let Some(rest) = word.strip_suffix(ending)
            && rest.chars().count() >= 4
        {
            return rest;
        }
    }
    word
}

/// Numbers words, so that sentences are compared by number.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    numbers: HashMap<String, u32>,
    /// In how many sentences each word stands.
    spread: Vec<u32>,
}

impl Lexicon {
    /// The different telling words of a sentence, sorted.
    pub(super) fn read(&mut self, text: &str) -> Vec<u32> {
        let mut own: Vec<u32> = telling(text).map(|word| self.number(word)).collect();
        own.sort_unstable();
        own.dedup();
        for word in &own {
            self.spread[*word as usize] += 1;
        }
        own
    }

    fn number(&mut self, word: String) -> u32 {
        let next = u32::try_from(self.spread.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(word).or_insert_with(|| {
            self.spread.push(0);
            next
        })
    }

    /// In how many sentences a word stands.
    pub(super) fn spread(&self, word: u32) -> u32 {
        self.spread.get(word as usize).copied().unwrap_or(0)
    }
}

/// How many words two sorted lists share.
pub(super) fn shared(a: &[u32], b: &[u32]) -> usize {
    common(a, b).count()
}

/// The words that two sorted lists share.
pub(super) fn common<'a>(a: &'a [u32], b: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
    a.iter().copied().filter(|word| b.binary_search(word).is_ok())
}

/// The share of the words of both that both have, from 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "words of a sentence")]
pub(super) fn likeness(a: &[u32], b: &[u32]) -> f64 {
    let both = shared(a, b);
    let all = a.len() + b.len() - both;
    if all == 0 { 0.0 } else { both as f64 / all as f64 }
}
