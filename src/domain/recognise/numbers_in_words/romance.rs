//! Numbers written out in French, Spanish, Italian and Portuguese. The four share one
//! table: no word of it means two different numbers.

/// Words of numbers with their values; longer words stand before those that begin them,
/// because Italian and Spanish write several as one ("duemilaventi", "veintiuno").
const WORDS: &[(&str, u64)] = &[
    ("quatrocentos", 400),
    ("quatrocentas", 400),
    ("cuatrocientos", 400),
    ("quattrocento", 400),
    ("setecientos", 700),
    ("setecentos", 700),
    ("novecientos", 900),
    ("novecentos", 900),
    ("seiscientos", 600),
    ("seiscentos", 600),
    ("ochocientos", 800),
    ("oitocentos", 800),
    ("quinientos", 500),
    ("quinhentos", 500),
    ("doscientos", 200),
    ("trescientos", 300),
    ("duzentos", 200),
    ("trezentos", 300),
    ("trecento", 300),
    ("cientos", 100),
    ("ciento", 100),
    ("cento", 100),
    ("cents", 100),
    ("cent", 100),
    ("cien", 100),
    ("cem", 100),
    ("mille", 1_000),
    ("mila", 1_000),
    ("mil", 1_000),
    ("diciassette", 17),
    ("diciannove", 19),
    ("diciotto", 18),
    ("dezasseis", 16),
    ("dezesseis", 16),
    ("dezassete", 17),
    ("dezessete", 17),
    ("dezanove", 19),
    ("dezenove", 19),
    ("dezoito", 18),
    ("dieciséis", 16),
    ("dieciseis", 16),
    ("diecisiete", 17),
    ("dieciocho", 18),
    ("diecinueve", 19),
    ("quattordici", 14),
    ("quatorze", 14),
    ("catorce", 14),
    ("catorze", 14),
    ("quindici", 15),
    ("quinze", 15),
    ("quince", 15),
    ("sedici", 16),
    ("seize", 16),
    ("tredici", 13),
    ("treize", 13),
    ("trece", 13),
    ("treze", 13),
    ("dodici", 12),
    ("douze", 12),
    ("doce", 12),
    ("doze", 12),
    ("undici", 11),
    ("onze", 11),
    ("once", 11),
    ("dieci", 10),
    ("diez", 10),
    ("dez", 10),
    ("dix", 10),
    ("vingts", 20),
    ("vingt", 20),
    ("veintiún", 21),
    ("veintidós", 22),
    ("veintitrés", 23),
    ("veintiséis", 26),
    ("veinte", 20),
    ("veinti", 20),
    ("venti", 20),
    ("vent", 20),
    ("vinte", 20),
    ("trente", 30),
    ("treinta", 30),
    ("trinta", 30),
    ("trenta", 30),
    ("trent", 30),
    ("quarante", 40),
    ("cuarenta", 40),
    ("quaranta", 40),
    ("quarenta", 40),
    ("quarant", 40),
    ("cinquante", 50),
    ("cincuenta", 50),
    ("cinquanta", 50),
    ("cinquenta", 50),
    ("cinquant", 50),
    ("soixante", 60),
    ("sesenta", 60),
    ("sessanta", 60),
    ("sessenta", 60),
    ("sessant", 60),
    ("setenta", 70),
    ("settanta", 70),
    ("settant", 70),
    ("ochenta", 80),
    ("ottanta", 80),
    ("oitenta", 80),
    ("ottant", 80),
    ("noventa", 90),
    ("novanta", 90),
    ("novant", 90),
    ("quatre", 4),
    ("cuatro", 4),
    ("quattro", 4),
    ("quatro", 4),
    ("cinque", 5),
    ("cinco", 5),
    ("cinq", 5),
    ("sette", 7),
    ("siete", 7),
    ("sete", 7),
    ("sept", 7),
    ("seis", 6),
    ("sei", 6),
    ("six", 6),
    ("otto", 8),
    ("ocho", 8),
    ("oito", 8),
    ("huit", 8),
    ("nueve", 9),
    ("nove", 9),
    ("neuf", 9),
    ("trois", 3),
    ("três", 3),
    ("tres", 3),
    ("tré", 3),
    ("tre", 3),
    ("deux", 2),
    ("duas", 2),
    ("dois", 2),
    ("due", 2),
    ("dos", 2),
    ("une", 1),
    ("uno", 1),
    ("una", 1),
    ("uma", 1),
    ("un", 1),
    ("um", 1),
];

/// One word of a number, also one made of several, as a piece of a regular expression.
pub(crate) fn word() -> String {
    let words: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
    format!("(?:{})+", words.join("|"))
}

/// The value of a number in words ("deux mille vingt", "duemilaventi", "treinta y uno"),
/// or `None` where the words are not one number.
pub(crate) fn romance(phrase: &str) -> Option<u64> {
    let phrase = phrase.to_lowercase();
    let words = phrase.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let (mut total, mut below, mut seen) = (0, 0, false);
    for word in words {
        if matches!(word, "et" | "y" | "e") && seen {
            continue;
        }
        let mut rest = word;
        while !rest.is_empty() {
            let (name, value) = WORDS.iter().find(|(name, _)| rest.starts_with(name))?;
            rest = &rest[name.len()..];
            (total, below) = add(total, below, *value)?;
        }
        seen = true;
    }
    seen.then_some(total + below)
}

/// The sum so far, above and below one thousand, with the next word's value in it.
fn add(total: u64, below: u64, value: u64) -> Option<(u64, u64)> {
    let fits = match value {
        1_000 => total == 0,
        100 => below < 10,
        // "quatre-vingts" is four times twenty.
        20 if below % 100 == 4 => return Some((total, below - 4 + 80)),
        101.. => below == 0,
        20..=99 => below.is_multiple_of(100),
        // French counts on from sixty and eighty: "soixante-douze".
        10..=19 => matches!(below % 100, 0 | 60 | 80),
        _ => below.is_multiple_of(10),
    };
    fits.then_some(match value {
        1_000 => (below.max(1) * 1_000, 0),
        100 => (total, below.max(1) * 100),
        _ => (total, below + value),
    })
}

#[cfg(test)]
mod tests {
    use super::romance;

    #[test]
    fn numbers_of_four_languages_have_their_value() {
        for (phrase, value) in [
            ("deux mille neuf", 2009),
            ("mille neuf cent quatre-vingt-dix-neuf", 1999),
            ("soixante et onze", 71),
            ("vingt-et-un", 21),
            ("dos mil veinte", 2020),
            ("treinta y uno", 31),
            ("mil novecientos noventa y ocho", 1998),
            ("veintitrés", 23),
            ("duemilaventi", 2020),
            ("duemilaventuno", 2021),
            ("millenovecentonovantotto", 1998),
            ("trentuno", 31),
            ("dois mil e vinte", 2020),
            ("trinta e um", 31),
            ("Trente", 30),
        ] {
            assert_eq!(romance(phrase), Some(value), "{phrase}");
        }
    }

    #[test]
    fn words_that_are_not_one_number_have_none() {
        for phrase in ["", "et", "deux trois", "mille mille", "maison", "vingt trente"] {
            assert_eq!(romance(phrase), None, "{phrase}");
        }
    }
}
