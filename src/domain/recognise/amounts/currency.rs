//! Currencies: how texts write them and which ISO 4217 code that is. A sign or word that
//! several currencies share stays a sign.

/// ISO 4217 codes that contracts carry, as alternatives.
const CODES: &str = "USD|EUR|GBP|CHF|JPY|CAD|AUD|NZD|HKD|SGD|INR|CNY|RMB|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR|RUB|KRW|ILS|TRY|AED|THB";

/// Signs and codes that stand before a figure, as a pattern.
pub(super) fn before() -> String {
    format!(
        r"(?:\b(?:US|CA|AUS|AU|NZ|HK|C|A|S|R)\s?\$|\bU\.S\.\s?\$|[$€£¥₹]|\b(?:{CODES})(?:\s?[$€£¥])?|\bEuro\b|\bRs\b\.?|\bFr\.)"
    )
}

/// Codes that stand behind a figure, as a pattern.
pub(super) fn after() -> String {
    format!(r"(?:(?:{CODES})\b)")
}

pub(super) const SIGN: &str = "[€£¥]";

pub(super) const WORD: &str = r"(?:(?:(?:U\.?\s?S\.?|United\s+States|Canadian|Australian|Hong\s+Kong|Singapore|New\s+Zealand)\s+)?dollars?\b|euros?\b|(?:British\s+)?pounds?(?:\s+sterling)?\b|(?:Swiss\s+francs?|Schweizer\s+Franken|Franken)\b|(?:Japanese\s+)?yen\b|(?:Indian\s+)?rupees\b|yuan\b|renminbi\b|cents?\b)";

/// The code (or the shared sign) of a currency as a text writes it.
pub(super) fn code(written: &str) -> Option<&'static str> {
    let plain: String = written.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
    let upper = plain.to_uppercase();
    if let Some(code) = CODES.split('|').find(|code| upper.starts_with(code)) {
        return Some(if code == "RMB" { "CNY" } else { code });
    }
    Some(match upper.as_str() {
        "$" | "DOLLAR" | "DOLLARS" | "CENT" | "CENTS" => "$",
        "US$" | "USDOLLAR" | "USDOLLARS" | "UNITEDSTATESDOLLAR" | "UNITEDSTATESDOLLARS" => "USD",
        "C$" | "CA$" | "CANADIANDOLLAR" | "CANADIANDOLLARS" => "CAD",
        "A$" | "AU$" | "AUS$" | "AUSTRALIANDOLLAR" | "AUSTRALIANDOLLARS" => "AUD",
        "NZ$" | "NEWZEALANDDOLLAR" | "NEWZEALANDDOLLARS" => "NZD",
        "HK$" | "HONGKONGDOLLAR" | "HONGKONGDOLLARS" => "HKD",
        "S$" | "SINGAPOREDOLLAR" | "SINGAPOREDOLLARS" => "SGD",
        "R$" => "BRL",
        "€" | "EURO" | "EUROS" => "EUR",
        "£" | "POUND" | "POUNDS" | "POUNDSTERLING" | "POUNDSSTERLING" | "BRITISHPOUND"
        | "BRITISHPOUNDS" => "GBP",
        "¥" => "¥",
        "YEN" | "JAPANESEYEN" => "JPY",
        "YUAN" | "RENMINBI" => "CNY",
        "₹" | "RUPEES" | "INDIANRUPEES" | "RS" => "INR",
        "FR" | "FRANKEN" | "SCHWEIZERFRANKEN" | "SWISSFRANC" | "SWISSFRANCS" => "CHF",
        _ => return None,
    })
}

/// Bare "pounds" are a weight unless the document writes of sterling elsewhere.
pub(super) fn is_weight(written: &str, view: &str) -> bool {
    let bare = matches!(written.to_lowercase().as_str(), "pound" | "pounds");
    bare && !(view.contains('£') || view.contains("GBP"))
}
