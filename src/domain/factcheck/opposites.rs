//! Words that exclude one another: "earliest" and "latest", "spring" and "autumn",
//! "refused" and "granted". A version that has none of the source's word and another word
//! of its group instead says something else. Only lists and that one rule; converses
//! ("sells to", "buys from") are no opposites and stand in no list.

use super::polarity::is_denied;
use super::reading::Reading;
use super::tokens::Token;
use super::{ChangeKind, FactChange, FactClass};
use crate::domain::recognise::Language;

/// A group a line, its sides parted by bars, words and phrases of a side by commas; a star
/// stands for any ending.
const ENGLISH: &str = "
    in advance | in arrears
    at the earliest, earliest, soonest, no earlier, no sooner | at the latest, latest
    at least, not less than, no less than | at most, not more than, no more than
    in full, fully, full | in part, partly, partially, partial
    higher | lower
    too low | too high
    a rise, an increase, a gain, growth | a fall, a drop, a decrease, a decline
    find*, found | lose, loses, lost, losing
    losing | winning, prevailing
    expir*, end, ends, ended, ending, comes to an end, run out, runs out, stop*, terminat* | start*, begin*, began, commenc*
    spring | summer | autumn, fall | winter
    morning | afternoon | evening
    deny, denies, denied, reject*, disput* | admit*, acknowledg*, conced*, accept*
    ban, bans, banned, prohibit*, forbid*, forbad*, barred | allow*, permit*, welcome
    succeed*, success* | fail, fails, failed, failing
    passed, carried, approved, adopted | failed, defeated, rejected, lost, voted down
    half | a third, third of | a quarter, quarter of | two thirds, two-thirds | three quarters, three-quarters
    double, twice | triple, three times
    offered for sale, for sale | offered for purchase, for purchase
    receiving party, recipient | disclosing party, discloser
    open, opens, opened, opening | close, closes, closed, closing, shut
    dry, dries*, drier, driest, drought | wet, wetter, wettest
    hot, hotter, hottest, warmer, warmest | cold, colder, coldest
    excused | unexcused
    north*, northern | south*, southern | east, eastern | west, western
    left-hand | right-hand
    safe, safely | unsafe, dangerous
    guilty, convicted | innocent, acquitted
    temporary, temporarily, interim | permanent, permanently
    public, publicly | private, privately, confidential*
    oral, orally, verbal, verbally | in writing, written
    inside, indoor* | outside, outdoor*
    arriv* | depart*
    at our expense, our own expense | at your expense, your own expense
    quickly, promptly, immediately, at once | slowly, eventually
    satisfied, pleased, happy, glad | dissatisfied, unhappy, disappointed
    heavier | lighter
    longer | shorter
    older, oldest, elder | younger, youngest
    cheaper, cheapest | dearer, dearest, more expensive
    better, best, improv* | worse, worst, worsen*, deteriorat*
    majority | minority
    mandatory, compulsory, obligatory | optional, voluntary
    exclusive | non-exclusive, nonexclusive
    husband | wife
    brother | sister
    father | mother
    son | daughter
";

const GERMAN: &str = "
    frühestens, nicht vor, erst ab, erst am | spätestens, bis spätestens
    mindestens, wenigstens, nicht weniger | höchstens, maximal, nicht mehr
    im voraus | nachträglich, im nachhinein
    lehnt*, abgelehn*, ablehn*, zurückgewies*, verwarf, verworfen | nahm*, nimmt, angenommen, annahm*, annehmen, zugestimm*, zustimm*, stimmte*, genehmig*, gebilligt
    frühling, frühjahr | sommer | herbst | winter
    erlaubt, gestattet, zulässig, darf, dürfen | verboten, untersagt, unzulässig
    höher* | niedriger*, geringer*
    zu hoch | zu niedrig
    beginnt, begann, beginn, startet | endet, endete, ende, abläuft, läuft ab
    befristet* | unbefristet*
    entgeltlich | unentgeltlich, kostenlos, kostenfrei
    zu unseren lasten, auf unsere kosten | zu ihren lasten, auf ihre kosten
    vorläufig* | endgültig*
    teilweise, zum teil | vollständig, in voller höhe, ganz
    die hälfte, hälfte | ein drittel, drittel | ein viertel, viertel
    morgens, vormittag* | nachmittag* | abends, abend
    mündlich* | schriftlich*
";

const FRENCH: &str = "
    au plus tard | au plus tôt
    de moins | de plus
    au moins, au minimum | au plus, au maximum, maximum
    à notre charge, nos frais | à votre charge, vos frais
    accept*, approuv*, adopt* | refus*, rejet*
    d'avance, à l'avance | à terme échu
    printemps | été prochain | automne | hiver
    interdi*, défend* | autoris*, permis*
    hausse, augment* | baisse, diminu*
    trop bas | trop élevé, trop haut
    gratuit* | payant*
    moitié | tiers | quart
    provisoire* | définiti*
";

const SPANISH: &str = "
    menos que, de menos | más que, de más
    a más tardar | como muy pronto
    al menos, por lo menos, como mínimo | como máximo, a lo sumo
    a nuestro cargo | a su cargo
    acept*, aprob*, aprueb* | rechaz*, deneg*
    por adelantado, por anticipado | por vencido, a plazo vencido
    prohib* | permit*, autoriz*
    aument*, sub* | disminu*, baj*, reduc*
    primavera | verano | otoño | invierno
    mitad | tercio, tercera parte | cuarta parte
    provisional* | definitiv*
";

const ITALIAN: &str = "
    in meno | in più
    al più tardi, entro e non oltre | non prima, al più presto
    almeno, come minimo, non inferior* | al massimo, non superior*
    a nostro carico | a vostro carico, a suo carico
    accett*, approv* | rifiut*, respin*, respint*
    in anticipo, anticipat* | posticipat*, in ritardo
    vietat* | permess*, consentit*, autorizzat*
    aument* | diminu*, ridu*
    primavera | estate | autunno | inverno
    metà | terzo, un terzo | quarto, un quarto
    provvisori* | definitiv*
";

const PORTUGUESE: &str = "
    a menos | a mais
    o mais tardar | o mais cedo
    pelo menos, no mínimo, ao menos | no máximo
    a nosso cargo | a seu cargo, a vosso cargo
    aprov*, aceit* | rejeit*, recus*
    antecipad*, adiantad* | em atraso, postecipad*
    proibid* | permitid*, autorizad*
    aument*, sub* | diminu*, reduz*, baix*
    primavera | verão | outono | inverno
    metade | um terço, terço | um quarto
    provisóri* | definitiv*
";

fn groups(language: Language) -> &'static str {
    match language {
        Language::English | Language::Other => ENGLISH,
        Language::German => GERMAN,
        Language::French => FRENCH,
        Language::Spanish => SPANISH,
        Language::Italian => ITALIAN,
        Language::Portuguese => PORTUGUESE,
    }
}

pub(super) fn changes(source: &Reading<'_>, version: &Reading<'_>) -> Vec<FactChange> {
    let language = source.side.context.language;
    groups(language)
        .lines()
        .filter(|line| line.contains('|'))
        .filter_map(|line| turned(source, version, line))
        .collect()
}

/// The change of one group: a side that the version gave up, and one that it took instead.
fn turned(source: &Reading<'_>, version: &Reading<'_>, line: &str) -> Option<FactChange> {
    let sides: Vec<&str> = line.split('|').collect();
    let places = |text: &Reading<'_>| -> Vec<Option<(usize, usize)>> {
        sides.iter().map(|side| place(&text.tokens, side)).collect()
    };
    let (from, to) = (places(source), places(version));
    let lost = (0..sides.len()).find(|at| from[*at].is_some() && to[*at].is_none())?;
    let new = (0..sides.len()).find(|at| from[*at].is_none() && to[*at].is_some())?;
    let (old, new) = (from[lost]?, to[new]?);
    // "not allowed" is "banned".
    if is_denied(&source.tokens, old.0) != is_denied(&version.tokens, new.0) {
        return None;
    }
    Some(FactChange {
        kind: ChangeKind::Altered,
        what: FactClass::Sense,
        source: Some(source.side.at(source.span(old.0, old.1))),
        version: Some(version.side.at(version.span(new.0, new.1))),
    })
}

/// The first place of a word or phrase of a side, in tokens.
fn place(tokens: &[Token<'_>], side: &str) -> Option<(usize, usize)> {
    side.split(',').find_map(|phrase| {
        let words: Vec<&str> = phrase.split_whitespace().collect();
        let at = tokens.windows(words.len().max(1)).position(|run| fits(run, &words))?;
        Some((at, at + words.len()))
    })
}

fn fits(run: &[Token<'_>], words: &[&str]) -> bool {
    run.iter().zip(words).all(|(token, word)| match word.strip_suffix('*') {
        Some(start) => said(token).starts_with(start),
        None => said(token) == *word,
    }) && run[..run.len() - 1].iter().all(|token| !token.ends_sentence)
}

/// The word, also where it is read as a figure ("third").
fn said(token: &Token<'_>) -> String {
    if token.is_figure() { token.text.to_lowercase() } else { token.lower.clone() }
}
