//! Words that are no subject by themselves, as a text on anything has them, in the
//! languages of the recognisers. Tells nothing of one document.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::super::words;

/// Words that make a term dull wherever they stand in it.
const VAGUE: &str = "\
    people year month week day today tomorrow yesterday time times date question point example certain \
    number talk call start work try mak happen sense interest first second third last next whole part \
    plac hour minut moment able pretty person case fact ways side agree shall section article hereof \
    pursuant accordance includ include respect set forth applicable prior written either put keep else \
    half full own far wrong left saw sound idea mark using used use lot bunch couple everyon http https \
    www com org github youtube html net zoom doc docs url link goes went run runn tak give giv move mov \
    add added show look looks feel felt seem sort type way let's hereinafter foregoing thereof undersign \
    nummer jahr heute tag zeit teil punkt beispiel artikel absatz gemäß \
    año años cosa cosas caso ejemplo vez día parte \
    ano anos coisa coisas exemplo dia \
    anno anni cose esempio volta giorno \
    année jour fois chose choses exemple partie \
    taker attende meet meeting slide slid screen share shar hand hear heard mute episode \
    sir madam witness exhibit counsel ok monday tuesday wednesday thursday friday saturday sunday \
    meaning ascribed makes becomes plays agrees possible likely alright okay besides otherwise \
    sign mon tue tues wed thu thur thurs fri sat sun three four five six seven eight nine ten eleven twelve \
    provided identification plaintiff defendant undersigned decided nobody span class div strong \
    disclosed contained ahora mismo está ejecutando percent dollar euro pound million billion hundr thousand";

/// Words that say little alone and little beside one of their kind, but may help to
/// name a thing: "main changes" is dull, "beacon chain changes" is not.
const COMMON: &str = "\
    agreement contract party parti term terms condition right rights law notice notic company companies \
    corporation business effective date exhibit schedule service servic product products provision party \
    material information business obligation event person entity amount process system project issue \
    issues problem problems thing change chang main new old big small good little long short high low \
    great large different similar specific general important possible current curren real simple hard \
    easy open close clos best better most few several level state stat group team member user users \
    customer client value valu data list name nam line file test version update updat item topic note \
    notes comment feedback review check action plan goal option decision discussion approach result \
    reason purpose order report request response answer detail details end begin back front top bottom \
    left deal job money price pric cost market world country hous life man men woman women child children \
    guy guys friend famil family school home room car book word words story news \
    seller buyer licensee licensor supplier distributor contractor consultant lessor lessee borrower \
    lender purchaser vendor provider recipient affiliat affiliate subsidiari subsidiary represent \
    connection limitation remaining desires implementation execution function honourable member \
    notice sole discretion reasonable effort efforts limited liability transaction transactions \
    contemplated independent individual corporate affirmative necessary additional initial regular \
    complete total upcoming purpose written consent reasonabl commercially sole exclusiv exclusive additional foreg \
    vertrag partei parteien leistung recht rechte frage fragen problem sache leute \
    contrat partie droit service question problème gens personne \
    contrato partes derecho servicio pregunta problema gente persona tema \
    contratto parti diritto servizio domanda problema persone \
    direito serviço pergunta pessoas pessoa";

static IS_VAGUE: LazyLock<HashSet<String>> = LazyLock::new(|| folded(VAGUE));
static IS_COMMON: LazyLock<HashSet<String>> = LazyLock::new(|| folded(COMMON));

/// The words as documents' words are compared.
fn folded(list: &str) -> HashSet<String> {
    list.split_whitespace().map(|word| words::folded(word).unwrap_or(word.to_owned())).collect()
}

/// Whether a folded word has no place in the name of a subject.
pub(super) fn is_vague(folded: &str) -> bool {
    IS_VAGUE.contains(folded)
}

/// Whether a folded word needs another one beside it that tells more.
pub(super) fn is_common(folded: &str) -> bool {
    IS_COMMON.contains(folded)
}

/// Whether a word as it is written is shaped like a noun for a thing or a field, not
/// like what is done or how something is.
pub(super) fn is_noun(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "tion", "tions", "sion", "sions", "ment", "ments", "ity", "ities", "ness", "ship", "ships",
        "ance", "ence", "ology", "ologies", "ware", "graphy", "chain", "chains", "ism", "ator",
        "ators", "ción", "ciones", "dad", "dades", "miento", "zione", "zioni", "mento", "menti",
        "ção", "ções", "dade", "ité", "ités", "ung", "ungen", "keit", "heit", "schaft",
    ];
    let lower = word.to_lowercase();
    lower.chars().count() >= 7 && ENDINGS.iter().any(|ending| lower.ends_with(ending))
}
