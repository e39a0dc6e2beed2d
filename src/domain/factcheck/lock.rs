//! What a rewritten paragraph may hold while it is decoded: the source's own figures and
//! names, ordinary words to begin sentences with, and no other number words. Knows the
//! words of six languages, and nothing of grammars.

use std::collections::BTreeSet;

use super::literals;
use crate::domain::prompt::Lock;
use crate::domain::recognise::Language;

/// The lock of a paragraph of a text in a language; a paragraph alone may be too short to
/// show it.
///
/// In German nouns are written large, and a list of the source's own would leave a writer
/// no noun but these; there words with capitals are free, and names are left to the
/// comparison afterwards. Where the language is not known, only figures are locked.
#[must_use]
pub fn lock(source: &str, language: Language) -> Lock {
    let said: BTreeSet<String> = words(source).map(str::to_lowercase).collect();
    let (openers, barred) = lists(language);
    let ordinary: BTreeSet<&str> = openers.split_whitespace().collect();
    let spelled = !matches!(language, Language::German | Language::Other);
    let is_large = |word: &&str| word.starts_with(char::is_uppercase);
    let names = spelled.then(|| {
        let own = words(source).filter(is_large).filter(|word| !ordinary.contains(word));
        let own: BTreeSet<String> = own.map(str::to_owned).collect();
        own.into_iter().collect()
    });
    let mut opening: BTreeSet<String> = ordinary.iter().map(|word| (*word).to_owned()).collect();
    opening.extend(words(source).filter(|word| word.chars().count() > 1).map(capitalised));
    let has = |word: &&str| {
        let word = word.to_lowercase();
        said.iter().any(|said| *said == word || said.split('-').any(|part| part == word))
    };
    Lock {
        literals: literals(source),
        names,
        openers: if spelled { opening.into_iter().collect() } else { Vec::new() },
        barred: barred.split_whitespace().filter(|it| !has(it)).map(str::to_owned).collect(),
    }
}

/// The words of a text: letters, with the marks that stand inside a word.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let runs = text.split(|c: char| {
        c.is_whitespace() || matches!(c, '/' | '(' | ')' | '"' | '“' | '”' | '„' | '«' | '»')
    });
    let bare = runs.flat_map(|run| {
        let run = run.trim_matches(|c: char| !c.is_alphabetic());
        let run = run.strip_suffix("'s").or_else(|| run.strip_suffix("’s")).unwrap_or(run);
        // "l'Acme" has a name in it.
        let own = run.split_once(['\'', '’']).filter(|it| !it.0.starts_with(char::is_uppercase));
        [Some(run), own.map(|it| it.1)].into_iter().flatten()
    });
    bare.filter(|word| !word.is_empty() && !word.chars().any(char::is_numeric))
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// Words that begin sentences, and the words in small letters that state a fact: numbers,
/// months and weekdays where they are written small, currencies.
fn lists(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::English => (ENGLISH, ENGLISH_FACTS),
        Language::German => ("", GERMAN_FACTS),
        Language::French => (FRENCH, FRENCH_FACTS),
        Language::Spanish => (SPANISH, SPANISH_FACTS),
        Language::Italian => (ITALIAN, ITALIAN_FACTS),
        Language::Portuguese => (PORTUGUESE, PORTUGUESE_FACTS),
        Language::Other => ("", ""),
    }
}

const ENGLISH: &str = "A An The This That These Those It Its We Our You Your They Their He His She \
    Her There Here If When While Where Whenever Once After Before Until Since Because As Although \
    Though However Therefore Thus Hence Also Then Next Finally Please Thank Thanks In On At By For \
    From To With Without Within Upon Under Over During Despite Except Unless Subject Should Must \
    May Can Will Shall Do Does Is Are Was Were Has Have Any All Each Every Both Either Neither No \
    None Nobody Not Nothing Only Some Such So And But Or Yet Dear Hello Hi Sincerely Kind Warm Best \
    Regards Yours Unfortunately Regarding Concerning Following According Further Furthermore \
    Moreover Additionally Otherwise Instead Again Now Today Just Let Given Provided What Who Which \
    How Why Whether Note Payment Anyone Everyone";

const ENGLISH_FACTS: &str = "two three four five six seven eight nine ten eleven twelve thirteen \
    fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy \
    eighty ninety hundred hundreds thousand thousands million millions billion billions dozen dozens \
    twice thrice half third fourth fifth sixth seventh eighth ninth tenth percent dollar dollars euro \
    euros pound pounds cent cents yen franc francs january february april june july august september \
    october november december monday tuesday wednesday thursday friday saturday sunday";

const GERMAN_FACTS: &str = "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn \
    vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig dreißig vierzig fünfzig sechzig \
    siebzig achtzig neunzig hundert tausend Zwei Drei Vier Fünf Sechs Sieben Acht Neun Zehn Elf Zwölf \
    Million Millionen Milliarde Milliarden Januar Februar März April Juni Juli August September \
    Oktober November Dezember Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag Euro Dollar \
    Pfund Franken Cent Prozent";

const FRENCH: &str = "Le La Les L Un Une Des Ce Cet Cette Ces Il Elle Ils Elles Nous Vous On Notre \
    Nos Votre Vos Son Sa Ses Leur Leurs Si Quand Lorsque Après Avant Dès Pendant Depuis Comme Afin Pour \
    Par Sans Avec Dans En Sur Sous À Au Aux De Du D Selon Sauf Toute Tout Tous Toutes Chaque Aucun \
    Aucune Cependant Toutefois Ainsi Donc Enfin Ensuite Puis Mais Et Ou Or Merci Bonjour Madame \
    Monsieur Cordialement Veuillez Malheureusement Conformément Concernant Voici C J S N Y Qui Que";

const FRENCH_FACTS: &str = "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze \
    quinze seize vingt trente quarante cinquante soixante cent cents mille million millions milliard \
    milliards demi janvier février mars avril juin juillet août septembre octobre novembre décembre \
    lundi mardi mercredi jeudi vendredi samedi dimanche euro euros dollar dollars francs";

const SPANISH: &str = "El La Los Las Un Una Unos Unas Este Esta Estos Estas Ese Esa Esto Lo Su Sus \
    Nuestro Nuestra Nuestros Nuestras Usted Ustedes Nosotros Ellos Ellas Él Ella Si Cuando Después \
    Antes Desde Hasta Durante Mientras Como Para Por Sin Con En Sobre Según Salvo De Del Al A Todo \
    Toda Todos Todas Cada Ningún Ninguna Nadie No Sin Sin Embargo Además Así Entonces Finalmente Pero Y \
    O Gracias Hola Estimado Estimada Atentamente Saludos Lamentablemente También Se Ha Le Les Hay Es";

const SPANISH_FACTS: &str = "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce \
    quince dieciséis diecisiete dieciocho diecinueve veinte treinta cuarenta cincuenta sesenta setenta \
    ochenta noventa cien ciento mil millón millones enero febrero marzo abril mayo junio julio agosto \
    septiembre octubre noviembre diciembre lunes martes miércoles jueves viernes sábado domingo euro \
    euros dólar dólares";

const ITALIAN: &str = "Il Lo La I Gli Le L Un Uno Una Questo Questa Questi Queste Quello Quella Si Se \
    Quando Dopo Prima Da Dal Dalla Durante Mentre Come Per Senza Con In Nel Nella Su Secondo Salvo \
    Tranne Di Del Della Dei A Al Alla Entro Tutto Tutta Tutti Tutte Ogni Nessun Nessuno Nessuna Non \
    Tuttavia Inoltre Così Quindi Infine Ma E O Grazie Buongiorno Gentile Cordiali Saluti Purtroppo \
    Anche È Ha Ci Vi Noi Lei Loro Egli Essa Nostro Nostra Suo Sua";

const ITALIAN_FACTS: &str = "due tre quattro cinque sei sette otto nove dieci undici dodici tredici \
    quattordici quindici sedici diciassette diciotto diciannove venti trenta quaranta cinquanta \
    sessanta settanta ottanta novanta cento mille mila milione milioni gennaio febbraio marzo aprile \
    maggio giugno luglio agosto settembre ottobre novembre dicembre lunedì martedì mercoledì giovedì \
    venerdì sabato domenica euro dollaro dollari";

const PORTUGUESE: &str = "O A Os As Um Uma Este Esta Estes Estas Esse Essa Isto Isso Seu Sua Seus Suas \
    Nosso Nossa Nossos Nossas Se Quando Depois Após Antes Desde Até Durante Enquanto Como Para Por Sem \
    Com Em No Na Nos Nas Sobre Segundo Salvo De Do Da Dos Das Ao À Todo Toda Todos Todas Cada Nenhum \
    Nenhuma Ninguém Não Porém Contudo Além Assim Então Finalmente Mas E Ou Obrigado Obrigada Olá Caro \
    Cara Atenciosamente Cumprimentos Infelizmente Também É Há Foi Ele Ela Eles Elas Nós Você";

const PORTUGUESE_FACTS: &str = "dois duas três quatro cinco seis sete oito nove dez onze doze treze \
    catorze quinze dezasseis dezesseis dezassete dezessete dezoito dezanove dezenove vinte trinta \
    quarenta cinquenta sessenta setenta oitenta noventa cem cento mil milhão milhões janeiro fevereiro \
    março abril maio junho julho agosto setembro outubro novembro dezembro segunda-feira terça-feira \
    quarta-feira quinta-feira sexta-feira sábado domingo euro euros dólar dólares real reais";
