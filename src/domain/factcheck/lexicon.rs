//! Words that turn a sentence without being a fact of their own: limits, conditions,
//! quantifiers and pairs of opposites, in six languages. Lists, and how they are found in
//! a text; what is made of them is not known here.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::tokens::Token;
use crate::domain::recognise::Language;

/// A pair of opposite meanings, or one meaning that is there or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Axis {
    /// At least, more than / at most, less than; on dates from / until.
    Limit,
    /// After / before.
    When,
    /// Rises / falls.
    Trend,
    /// Above / below.
    Level,
    /// Accepts / rejects.
    Consent,
    /// In favour / against.
    Vote,
    /// Including / excluding.
    Inclusion,
    /// First / last, early / late.
    Rank,
    /// All / some.
    Quantity,
    /// Each / together.
    Share,
    /// About / exactly.
    Closeness,
    /// Open / closed, won / lost and the like.
    State,
    /// Always / never, where "never" stands against it.
    Always,
    Only,
    Exception,
    Condition,
    Written,
}

/// A phrase of the lists at a place of a text.
pub(super) struct Found {
    /// Index of the first token, and of the one behind the last.
    pub from: usize,
    pub to: usize,
    pub axis: Axis,
    pub positive: bool,
    /// A version that drops it says something else.
    pub strict: bool,
    /// Of limits: it may stand behind its figure.
    pub behind: bool,
}

struct Phrase {
    words: Vec<&'static str>,
    axis: Axis,
    positive: bool,
    strict: bool,
    behind: bool,
}

/// The phrases of a language by the first two letters of their first word.
type Index = HashMap<String, Vec<Phrase>>;

static ENGLISH: LazyLock<Index> = LazyLock::new(|| index(ENGLISH_WORDS));
static GERMAN: LazyLock<Index> = LazyLock::new(|| index(GERMAN_WORDS));
static FRENCH: LazyLock<Index> = LazyLock::new(|| index(FRENCH_WORDS));
static SPANISH: LazyLock<Index> = LazyLock::new(|| index(SPANISH_WORDS));
static ITALIAN: LazyLock<Index> = LazyLock::new(|| index(ITALIAN_WORDS));
static PORTUGUESE: LazyLock<Index> = LazyLock::new(|| index(PORTUGUESE_WORDS));

fn of(language: Language) -> &'static Index {
    match language {
        Language::English | Language::Other => &ENGLISH,
        Language::German => &GERMAN,
        Language::French => &FRENCH,
        Language::Spanish => &SPANISH,
        Language::Italian => &ITALIAN,
        Language::Portuguese => &PORTUGUESE,
    }
}

fn index(lists: &'static str) -> Index {
    let mut index = Index::new();
    for line in lists.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (head, phrases) = line.split_once(':').expect("a list has a head");
        let axis = axis(head.trim_end_matches(['+', '-', '!', '>']));
        for phrase in phrases.split('|') {
            let words: Vec<&str> = phrase.split_whitespace().collect();
            let Some(first) = words.first() else { continue };
            let phrase = Phrase {
                axis,
                positive: !head.contains('-'),
                strict: head.contains('!'),
                behind: head.contains('>'),
                words: words.clone(),
            };
            index.entry(key(first)).or_default().push(phrase);
        }
    }
    for phrases in index.values_mut() {
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.words.len()));
    }
    index
}

fn axis(name: &str) -> Axis {
    match name {
        "limit" => Axis::Limit,
        "when" => Axis::When,
        "trend" => Axis::Trend,
        "level" => Axis::Level,
        "consent" => Axis::Consent,
        "vote" => Axis::Vote,
        "incl" => Axis::Inclusion,
        "rank" => Axis::Rank,
        "all" => Axis::Quantity,
        "each" => Axis::Share,
        "about" => Axis::Closeness,
        "state" => Axis::State,
        "always" => Axis::Always,
        "only" => Axis::Only,
        "except" => Axis::Exception,
        "if" => Axis::Condition,
        "written" => Axis::Written,
        _ => unreachable!("the lists below name no other axis"),
    }
}

fn key(word: &str) -> String {
    word.trim_end_matches('*').chars().take(2).collect()
}

/// A word, or with a star at its end all words that begin with it.
fn matches(pattern: &str, word: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => word.starts_with(start),
        None => word == pattern,
    }
}

/// The phrases of a text in order; those of one axis do not overlap.
pub(super) fn find(tokens: &[Token<'_>], language: Language) -> Vec<Found> {
    let index = of(language);
    let mut found: Vec<Found> = Vec::new();
    // "first" is a figure, too.
    let said: Vec<String> = tokens
        .iter()
        .map(|it| if it.is_figure() { it.text.to_lowercase() } else { it.lower.clone() })
        .collect();
    for from in 0..tokens.len() {
        for phrase in index.get(&key(&said[from])).into_iter().flatten() {
            let to = from + phrase.words.len();
            let fits = to <= tokens.len()
                && said[from..to].iter().zip(&phrase.words).all(|(said, word)| matches(word, said))
                && tokens[from..to - 1].iter().all(|token| !token.ends_sentence);
            let taken = found.iter().rev().take(8).any(|it| it.axis == phrase.axis && it.to > from);
            if fits && !taken {
                let Phrase { axis, positive, strict, behind, .. } = *phrase;
                found.push(Found { from, to, axis, positive, strict, behind });
            }
        }
    }
    found
}

/// The line's head is the axis, "+" or "-" the side, "!" that it must not be dropped, ">"
/// that it may stand behind its figure.
const ENGLISH_WORDS: &str = "
    limit+!>: at least | not less than | no less than | no fewer than | not fewer than | or more | at a minimum | minimum | and above
    limit+!: a minimum of | minimum of | a floor of | upwards of | more than | over | exceeding | in excess of | exceeds | exceeded | exceed | longer than | higher than | greater than | larger than | above | beyond
    limit+: after | from | since | starting | starting on | as of | not before | no earlier than | not earlier than | no sooner than | following | later than | on or after | at the earliest
    limit-!>: at most | or less | or fewer | at a maximum | maximum | or under
    limit-!: up to | reach | reaches | as high as | as much as | as many as | a maximum of | maximum of | to a maximum | a limit of | limit of | a ceiling of | ceiling of | a cap of | cap of | at the very most | no more than | not more than | not exceed | not exceeding | not to exceed | never exceed | no longer than | not longer than | limited to | capped at | restricted to | less than | fewer than | under | below | lower than | shorter than | nothing beyond | nothing more than | nothing over | no higher than | not above | not over
    limit->: at the latest
    limit-: by | before | until | till | within | prior to | no later than | not later than | on or before | earlier than | ahead of | inside
    when+: after | following | once | since
    when-: before | prior to | ahead of | until | till
    trend+: ris* | rose | increas* | grow* | grew | climb* | raise* | raising | went up | go up | goes up | up | higher | gain* | expand* | doubl* | tripl*
    trend-: fall | falls | falling | fell | fallen | drop* | decreas* | declin* | lower* | reduc* | went down | go down | goes down | down | cut | shrink* | shrank | halv*
    level+: above | over | exceed* | higher than | beyond | greater than | more than
    level-: below | under | beneath | lower than | less than | fewer than
    consent+: accept* | approv* | adopt* | agreed to | grant* | permit* | confirm* | allow*
    consent-: ban | bans | banned | prohibit* | forbid* | reject* | refus* | declin* | den* | turned down | turn down | withdr* | veto*
    vote+: in favour | in favor | voted for | vote for | votes for | supported | supports
    vote-: against | opposed | opposes
    incl+: includ* | inclusive
    incl-: exclud* | exclusive of
    rank+: first | earliest | initial | earlier | sooner
    rank-: last | latest | final | later | second | third
    all+: all | every | everyone | everybody | each | entire | whole | both | any
    all-: some | several | certain | a few | many | most | part of | half of
    each+: each | every | per | individually | respectively
    each-: together | combined | jointly | altogether | collectively
    about+: about | approximately | around | roughly | circa | nearly | almost | some | approx
    about-: exactly | precisely
    state+: open | opens | opened | won | win | wins | valid | start | starts | started | begin | begins | began | gain | profit* | credit* | early | complete | completed | empty | agree | agrees
    state-: closed | closes | close | lost | lose | loses | invalid | stop | stops | stopped | end | ends | ended | loss | losses | debit* | late | incomplete | full | disagree | disagrees
    always+: always
    only+: only | solely | exclusively | merely | alone | nothing but | all that
    except+: otherwise | or else
    except+!: unless | except | nobody but | no one but | none but | other than to | save for | save that | save where | other than | apart from | excluding | with the exception of | without | otherwise than
    if+!: subject to | provided that | provided | on condition that | on the condition that | conditional on | so long as | as long as | contingent on
    if+: if | where | when | should | in case | in the event | whenever | whether | failing | a condition
    written+: written | in writing
";

const GERMAN_WORDS: &str = "
    limit+!: mindestens | wenigstens | zumindest | mehr als | nicht weniger als | über | länger als | nicht unter | übersteig* | oberhalb
    limit+: nach | ab | seit | frühestens | erst ab | erst ab dem | erst am | erst nach | erst im | erst | nicht vor | frühestens nach | später als
    limit-!: höchstens | maximal | bis zu | nicht mehr als | weniger als | unter | nicht länger als | kürzer als | nicht über | begrenzt auf | unterhalb | keinesfalls mehr als
    limit-: bis | vor | binnen | innerhalb | spätestens | spätestens nach | nicht später als | spätestens bis | spätestens am | früher als
    when+: nach | nachdem | danach | anschließend | sobald
    when-: vor | bevor | davor | zuvor | ehe | bis
    trend+: erhöh* | steig* | stieg* | gestiegen | gestiegene | wächst | wuchs | gewachsen | zugenommen | verdoppel* | nimmt zu | zunimmt | anheb* | angehoben
    trend-: senk* | gesenkt | sink* | sank* | gesunken | fäll* | fiel* | gefallen | verringer* | reduzier* | abgenommen | halbier* | nimmt ab | abnimmt | vermindert | mindert
    level+: über | oberhalb | mehr als | höher als
    level-: unter | unterhalb | weniger als | niedriger als
    consent+: angenommen | annahme | annehmen | genehmig* | zustimm* | stimmt zu | stimmen zu | gebilligt | akzeptier* | bewillig*
    consent-: abgelehnt | ablehn* | lehnt | lehnen | verweiger* | zurückgewiesen | widersprich* | widersproch* | versag*
    vote+: dafür | dafürgestimmt
    vote-: dagegen | gegen
    incl+: einschließlich | inklusive | inbegriffen | inkl | enthalten | eingeschlossen
    incl-: ausschließlich der | exklusive | ausgeschlossen | ausgenommen | zuzüglich | exkl
    rank+: erste | ersten | erster | erstes | zuerst | frühestens | früheste
    rank-: letzte | letzten | letzter | letztes | zuletzt | spätestens | zweite | zweiten | zweiter | dritte | dritten
    all+: alle | allen | aller | alles | jede | jeder | jedes | jeden | sämtliche* | ganze | ganzen | beide | beiden
    all-: einige | einigen | einiger | manche | manchen | mehrere | mehreren | viele | vielen | die meisten | teilweise
    each+: je | pro | jeweils | jeden | jeder | jedes | einzeln
    each-: zusammen | insgesamt | gemeinsam
    about+: etwa | ungefähr | rund | circa | ca | knapp | zirka
    about-: genau | exakt
    state+: offen | geöffnet | öffnet | gewonnen | gewinn* | gültig | beginnt | beginn | vollständig | früh
    state-: geschlossen | schließt | verloren | verlust* | ungültig | endet | ende | unvollständig | spät
    always+: immer | stets
    only+: nur | lediglich | ausschließlich | allein | bloß | erst
    except+: andernfalls | sonst
    except+!: es sei denn | außer | ausgenommen | ohne | mit ausnahme | sofern nicht | abgesehen von | soweit nicht
    if+!: vorbehaltlich | unter der bedingung | vorausgesetzt | unter dem vorbehalt
    if+: wenn | falls | sofern | soweit | sobald | bei | im fall | im falle | für
    written+: schriftlich* | in schriftform
";

const FRENCH_WORDS: &str = "
    limit+!: au moins | au minimum | plus de | pas moins de | pas inférieur* à | supérieur* à | excéd* | dépass* | au-delà de | au-dessus de
    limit+: après | à partir de | à partir du | dès | depuis | à compter du | au plus tôt | pas avant
    limit-!: au plus | au maximum | jusqu à | moins de | pas plus de | pas supérieur* à | inférieur* à | limité* à | au-dessous de
    limit-: avant | d ici | dans un délai de | dans les | jusqu au | au plus tard
    when+: après | dès | une fois | à la suite
    when-: avant | jusqu
    trend+: augment* | hausse* | mont* | croî* | progress* | relev*
    trend-: diminu* | baiss* | recul* | réduit* | réduire | chut* | abaiss*
    level+: au-dessus | plus de | supérieur*
    level-: au-dessous | moins de | inférieur*
    consent+: accept* | approuv* | adopt* | autoris*
    consent-: refus* | rejet* | déclin*
    vote+: en faveur | pour le
    vote-: contre
    incl+: compris | comprise | inclus* | incluant
    incl-: exclu* | hors | non compris
    rank+: premier | première | premiers | premières | tôt
    rank-: dernier | dernière | derniers | dernières | tard | deuxième | second | seconde
    all+: tous | toutes | tout | toute | chaque | chacun | chacune | ensemble des
    all-: certains | certaines | quelques | plusieurs | la plupart | une partie
    each+: chaque | chacun | chacune | par
    each-: ensemble | au total | conjointement
    about+: environ | à peu près | près de | approximativement
    about-: exactement | précisément
    state+: ouvert* | ouvre* | gagn* | valide* | commenc* | complet* | début*
    state-: fermé* | ferme* | perdu* | perd* | invalide* | termin* | incomplet* | fin
    always+: toujours
    only+: seulement | uniquement | exclusivement | seul | seule | ne que | que si
    except+: sinon | faute de
    except+!: sauf | à moins que | à moins de | excepté | hormis | sans | à l exception | à l exclusion
    if+!: sous réserve | à condition | pourvu que
    if+: si | lorsque | quand | en cas | dès lors
    written+: écrit | écrite | par écrit | écrits
";

const SPANISH_WORDS: &str = "
    limit+!: al menos | por lo menos | como mínimo | más de | no menos de | no inferior* a | superior* a | superan | supera | exced*
    limit+: después de | después del | a partir de | a partir del | desde | tras | no antes de
    limit-!: como máximo | a lo sumo | hasta | menos de | no más de | no superior* a | inferior* a | limitad* a
    limit-: antes de | antes del | dentro de | en un plazo de | a más tardar | antes
    when+: después | tras | una vez | luego
    when-: antes | hasta
    trend+: aument* | sub* | crec* | increment* | elev*
    trend-: disminu* | baj* | reduc* | descend* | cay* | decrec*
    level+: por encima | más de | superior*
    level-: por debajo | menos de | inferior*
    consent+: acept* | aprob* | adopt* | autoriz* | conced*
    consent-: rechaz* | deneg* | rehus* | declin*
    vote+: a favor
    vote-: en contra | contra
    incl+: inclui* | incluy* | incluso | inclus*
    incl-: exclui* | excluy* | excepto el | sin incluir
    rank+: primer | primera | primero | primeros
    rank-: último | última | últimos | segundo | segunda
    all+: todo | todos | toda | todas | cada | ambos | ambas
    all-: algunos | algunas | varios | varias | muchos | la mayoría | parte de | ciertos
    each+: cada | por
    each-: juntos | en total | conjuntamente
    about+: aproximadamente | unos | alrededor de | cerca de | casi
    about-: exactamente | precisamente
    state+: abiert* | abre* | gan* | válid* | comienz* | empiez* | complet*
    state-: cerrad* | cierr* | perd* | inválid* | termin* | acab* | incomplet*
    always+: siempre
    only+: solo | sólo | solamente | únicamente | exclusivamente | sola
    except+: de lo contrario | en caso contrario
    except+!: salvo | excepto | a menos que | a no ser que | sin | con excepción
    if+!: siempre que | con la condición | a condición | sujeto a | sujeta a
    if+: si | cuando | en caso | en el caso
    written+: escrito | escrita | por escrito
";

const ITALIAN_WORDS: &str = "
    limit+!: almeno | come minimo | più di | non meno di | non inferior* a | superior* a | oltre | super* | eccede*
    limit+: dopo | dopo il | a partire da | a partire dal | dal | da | non prima di
    limit-!: al massimo | fino a | meno di | non più di | non superior* a | inferior* a | non oltre | limitat* a
    limit-: entro | prima di | prima del | entro il | al più tardi | fino al
    when+: dopo | successivamente | una volta
    when-: prima | fino
    trend+: aument* | cresc* | cresciut* | sal* | increment* | alz*
    trend-: diminu* | cal* | scend* | sces* | ridu* | ridott* | abbass*
    level+: sopra | più di | superior*
    level-: sotto | meno di | inferior*
    consent+: accett* | approv* | adott* | autorizz* | conced* | concess*
    consent-: respin* | rifiut* | neg* | declin*
    vote+: a favore
    vote-: contro
    incl+: compres* | inclus* | includ*
    incl-: esclus* | esclud*
    rank+: primo | prima rata | primi | prime
    rank-: ultimo | ultima | ultimi | secondo | seconda
    all+: tutti | tutte | tutto | tutta | ogni | ciascun* | entrambi | entrambe
    all-: alcuni | alcune | qualche | diversi | molti | la maggior parte | parte dei
    each+: ogni | ciascun* | per
    each-: insieme | in totale | complessivamente
    about+: circa | quasi | approssimativamente | pressappoco
    about-: esattamente | precisamente
    state+: apert* | apre* | vint* | valid* | inizi* | complet*
    state-: chius* | chiud* | pers* | invalid* | termin* | incomplet* | finis*
    always+: sempre
    only+: solo | soltanto | solamente | unicamente | esclusivamente
    except+: altrimenti
    except+!: tranne | salvo | eccetto | a meno che | senza | a parte | ad eccezione
    if+!: a condizione | purché | subordinat*
    if+: se | quando | qualora | in caso | nel caso
    written+: scritto | scritta | per iscritto
";

const PORTUGUESE_WORDS: &str = "
    limit+!: pelo menos | ao menos | no mínimo | mais de | não menos de | não inferior* a | superior* a | exced* | ultrapass* | acima de
    limit+: depois de | após | a partir de | desde | não antes de
    limit-!: no máximo | menos de | não mais de | não superior* a | inferior* a | limitad* a | abaixo de
    limit-: até | antes de | antes do | dentro de | no prazo de | o mais tardar
    when+: depois | após | uma vez
    when-: antes | até
    trend+: aument* | sub* | cresc* | elev*
    trend-: diminu* | desc* | baix* | reduz* | redu* | caiu | caíram
    level+: acima | mais de | superior*
    level-: abaixo | menos de | inferior*
    consent+: aceit* | aprov* | adot* | autoriz* | conced*
    consent-: rejeit* | recus* | neg* | declin*
    vote+: a favor
    vote-: contra
    incl+: inclu* | incluso
    incl-: exclu*
    rank+: primeiro | primeira | primeiros
    rank-: último | última | últimos | segundo | segunda
    all+: todo | todos | toda | todas | cada | ambos | ambas
    all-: alguns | algumas | vários | várias | muitos | a maioria | parte dos
    each+: cada | por
    each-: juntos | no total | em conjunto
    about+: cerca de | aproximadamente | quase | por volta de
    about-: exatamente | precisamente
    state+: abert* | abre* | ganh* | válid* | começ* | inici* | complet*
    state-: fechad* | fecha* | perd* | inválid* | termin* | acab* | incomplet*
    always+: sempre
    only+: só | somente | apenas | unicamente | exclusivamente
    except+: caso contrário
    except+!: salvo | exceto | a menos que | a não ser que | sem | à exceção
    if+!: desde que | sob condição | sujeito a | sujeita a
    if+: se | quando | em caso | no caso | caso
    written+: escrito | escrita | por escrito
";
