//! Words by which a sentence is told to decide, to set a task, to leave something
//! open, to warn or to deny, in the languages of the recognisers. Each says what one
//! sentence says by itself; what stands around it is for the scores.

use std::sync::LazyLock;

use regex::Regex;

fn words(source: &str) -> Regex {
    Regex::new(&format!("(?ix){source}")).expect("the pattern is fixed")
}

static DECIDED: LazyLock<Regex> = LazyLock::new(|| {
    words(
        r"^(?:[^\w]*)(?:so\ |then\ |ok(?:ay)?,?\ )?(?:agreed|decided|resolved|approved|adopted|decisions?|resolution|consensus|outcome|
            beschluss|beschlossen|entscheidung|vereinbart|d[ée]cision|d[ée]cid[ée]|acuerdo|acordado|decisi[óo]n|decisione|deciso|deliberato|decis[ãa]o|decidido)\b\s*[:,.;–—-]
        | \b(?:we|they|everyone|everybody|it|council|committee|board|team|group|members|parties|both|meeting|majority|all)\ (?:(?:have|has|had|all|both|then|also|finally|unanimously|jointly|hereby|was|were|is|been|has\ been)\ ){0,3}
            (?:agreed|decided|resolved|approved|adopted|concluded|settled\ on|chose|voted|endorsed|ratified)\b
        | \b(?:(?:has|have)\ (?:now\ )?been|was|were|is|are)\ (?:now\ |all\ |both\ |hereby\ |unanimously\ |formally\ )*(?:agreed|decided|resolved|approved|adopted|ratified|signed\ off)\b
        | \b(?:has|have)\ (?:now\ |both\ )?(?:agreed|decided|resolved)\ (?:to|that|on)\b
        | \bmotion\b.{0,40}\b(?:carried|passed|adopted|approved) | \bso\ ordered\b | \bdecision\ (?:is|was)\ (?:to|that|made|taken)\b
        | \blet'?s\ (?:go\ with|do\ it|agree\ (?:on|that|to)|settle\ on|stick\ (?:with|to)|write\ down)\b
        | \b(?:we'?ll|we\ will|we\ are\ going\ to|we're\ going\ to)\ (?:go\ (?:with|for|ahead)|stick\ (?:with|to)|proceed\ with|adopt|move\ forward\ with)\b
        | \bgoing\ with\b | \bconsensus\ (?:is|was|to|that)\b | \b(?:in|an|reached?|was|is|general|rough|broad)\ (?-i:agreement)\ (?:to|that|on)\b | (?-i:[Aa]greement)\ was\ (?:reached|made)\b
        | \b(?:beschlossen|beschloss|beschließt|vereinbart|einigten\ sich|geeinigt|entschieden|verabschiedet|genehmigt|einstimmig)\b
        | \b(?:il\ (?:a\ été|est)\ (?:décidé|convenu)|nous\ (?:avons\ décidé|sommes\ convenus?)|a\ été\ (?:approuvée?|adoptée?|décidée?)|à\ l'unanimité)\b
        | \b(?:se\ (?:acordó|decidió|aprobó|resolvió|aprueba)|(?:acordamos|acordaron|decidimos|decidieron)|(?:fue|queda)\ aprobad[oa]|por\ unanimidad)\b
        | \b(?:(?:si\ è|abbiamo|è\ stato)\ (?:deciso|concordato|convenuto|stabilito|deliberato|approvato)|all'unanimità)\b
        | \b(?:ficou\ (?:decidido|acordado)|(?:decidiu|acordou|deliberou|aprovou)-se|decidimos|foi\ aprovad[oa]|por\ unanimidade)\b",
    )
});

/// What makes an agreement a wish, a condition or its contrary.
static UNDECIDED: LazyLock<Regex> = LazyLock::new(|| {
    words(
        r"\b(?:not|n['’]t|never|nobody|no\ one|cannot|nor|yet|if|unless|as|otherwise|once|until|when|whether|may|might|shall|must|should|would|could|can|to\ be|be|who|neither|subject|mutually|
            nicht|kein\w*|noch|falls|wenn|sofern|soweit|ob|wie|pas|sauf|no|non|não)\s+(?:[\w']+\s+){0,2}
            (?:agreed|decided|resolved|approved|adopted|concluded|settled|beschlossen|vereinbart|entschieden|genehmigt|geeinigt|décidé|convenu|approuvé|adopté|acordó|decidió|deciso|concordato|decidido|acordado)\b",
    )
});

/// Words of doing that a task is made of, where somebody is named for it.
const DOING: &str = r"(?:send|prepare|write|draft|share|circulate|check|follow|schedule|contact|e-?mail|call|review|update|confirm|report|provide|submit|file|deliver|sign|arrange|organi[sz]e|fix|cancel|copy|create|open|post|publish|finish|complete|make|look|reach|get|set|put|work|add|remove|ask|find|talk|speak|meet|present|propose|document|test|merge|ship|release|implement|investigate|discuss|bring|raise|notify|pay|return|redo|close|drive|take|hand|move|start|begin|collect|record|seal|translate|coordinate|announce|assign|ping|upload|print|order|own|pull|clarify|change|try|read|come)";

/// Those of them that are a promise in talk, where people say all the time what they
/// are about to do in the meeting itself.
const PROMISED: &str = r"(?:send|prepare|write|draft|share\ (?:it|that|this|them|the\ \w+\ with)|circulate|check|follow\ up|schedule|contact|e-?mail|review|update|confirm|report|provide|submit|file|deliver|sign|arrange|organi[sz]e|fix|cancel|copy|make\ sure|look\ into|reach\ out|get\ back|set\ up|put\ together|work\ on|talk\ to|speak\ (?:to|with)|notify|pay|redo|coordinate|document|post|publish|merge|ping|upload)";

static TASK: LazyLock<Regex> = LazyLock::new(|| {
    words(
        r"\b(?:action\ (?:items?|points?)|to-dos?|(?-i:TODOs?|ToDos?)|follow-?up:|needs?\ to\ be\ (?:done|fixed|updated|sent|written)|volunteer(?:ed|s)\ to|takes?\ (?:an?\ |the\ )action|is\ to\ (?:send|write|prepare)|assigned\ to|please\ (?:send|make\ sure|confirm|provide|let\ (?:me|us)))\b
        | ^\W*(?:AI|AR|todo|next\ steps?)\b\s*[:(-] | \b(?:zu\ erledigen|aufgabe:|bitte\ (?:senden|prüfen|schicken|klären)|kümmert\ sich|übernimmt|à\ faire|se\ charge|s'occupe|merci\ de|tarea:|pendiente\ de|se\ encarga|se\ compromete|da\ fare|si\ occupa|incaricat[oa]|a\ fazer|fica\ (?:de|responsável)|encarrega)\b",
    )
});

static PROMISE: LazyLock<Regex> = LazyLock::new(|| {
    words(&format!(
        r"\b(?:I|we)(?:'ll|’ll|\ will|\ shall)\ (?:(?:also|then|just|try\ to|now|have\ to|go\ (?:and\ )?)\ )*{PROMISED}\b
        | ^\W*(?:we|you|I)?\ ?(?:need|have)\ to\ {DOING}\b
        | \bcould\ you\ {DOING}\b | \b(?:ich|wir)\ (?:werde|werden|schicke|schicken|prüfe|prüfen|kläre|klären|melde|melden)\b
        | \b(?-i:\p{{Lu}})\w+\ (?:wird|soll|muss)\b.{{0,80}}\b(?:senden|schicken|prüfen|klären|erstellen|vorbereiten|liefern|melden|einholen|vorlegen)\b
        | \b(?:(?:je\ vais|nous\ allons|va|doit|devra)\ (?:envoyer|préparer|vérifier|rédiger|transmettre|fournir|contacter|confirmer))\b
        | \b(?:(?:voy\ a|vamos\ a|va\ a|debe|deberá)\ (?:enviar|preparar|revisar|redactar|entregar|contactar|confirmar))\b
        | \b(?:(?:deve|dovrà)\ (?:inviare|preparare|verificare|redigere|consegnare|contattare|confermare))\b
        | \b(?:(?:vou|vamos|vai|deve|deverá)\ (?:enviar|preparar|verificar|redigir|entregar|contactar|confirmar))\b"
    ))
});

/// "Ann will send", "Ann and Tom to send".
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    words(&format!(
        r"(?:^|[^\p{{L}}@])(?P<will>(?-i:[@\p{{Lu}}])[\p{{L}}.-]+)(?:'ll|’ll|\ will)\ (?:(?:also|then|now)\ )?{DOING}\b
        | (?:^|[:;,]\ |\ [–—-]+\ |\band\ )\W*(?P<to>(?-i:[@\p{{Lu}}])[\p{{L}}.-]+)(?:\ (?-i:\p{{Lu}})[\p{{L}}.-]+)*\ (?:to|needs?\ to|should|must)\ (?:(?:also|then|now)\ )?{DOING}\b"
    ))
});

/// Words that begin a sentence with a capital and name nobody.
const NOBODY: &[&str] = &[
    "this",
    "that",
    "it",
    "they",
    "there",
    "these",
    "those",
    "he",
    "she",
    "who",
    "what",
    "which",
    "nobody",
    "everything",
    "something",
    "nothing",
    "time",
    "and",
    "but",
    "so",
    "then",
    "need",
    "how",
    "where",
    "when",
    "want",
    "try",
    "going",
    "ready",
    "able",
    "happy",
    "have",
    "has",
];

/// Who is named to do something: "Ann" of "Ann will send the list".
pub(super) fn named_for_it(said: &str) -> Option<&str> {
    let found = NAMED.captures(said)?;
    let name = found.name("will").or_else(|| found.name("to"))?.as_str();
    (!NOBODY.contains(&name.to_lowercase().as_str())).then_some(name)
}

/// Words that lead through the meeting itself: the next item, whose turn it is.
static CHAIRS: LazyLock<Regex> = LazyLock::new(|| {
    words(
        r"\b(?:(?:I|we)(?:['’]ll|\ will|['’]re\ going\ to|\ can)|let\ me|let['’]?s)\ (?:now\ |just\ |quickly\ |then\ )*(?:give\ (?:this|that|it|you|the\ floor)|hand\ (?:it\ |this\ |things\ )?(?:over|to|off)|pass\ (?:it|this)|turn\ (?:it|this|things)|move\ (?:on|to|over)|go\ (?:on|to|over|around|through|ahead|back)|start|begin|get\ started|kick\ (?:it\ |this\ )?off|open\ (?:it|the\ floor)|skip|wrap\ up|wait|share\ my|come\ (?:back|to)|continue|jump)\b
        | \b(?:next\ (?:item|topic|speaker)\ (?:is|on)|over\ to\ you|share\ my\ screen|(?:right|in|just)\ now\b|in\ a\ (?:second|moment|minute)|let\ (?:me|us)\ know\b|das\ wort\ hat|nächster\ punkt|passons\ au|pasamos\ al|passiamo\ al|passemos\ ao)\b",
    )
});

/// What people outside are said to have decided.
static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
    words(
        r"\b(?:they|he|she|people|somebody|someone|who|(?:said|says|told|heard|reported|according\ to|announced|read|article|news)\b.{0,80}?)\s*(?:\w+\ ){0,4}(?:agreed|decided|resolved|approved|adopted|concluded|settled\ on|chose|voted|endorsed|ratified)\b",
    )
});

/// A guess that is an answer all the same: "I'm not sure, but I think it was May".
static GUESSES: LazyLock<Regex> = LazyLock::new(|| {
    words(
        r"[,;.–—-]\ (?:but|I\ (?:think|believe|guess|would\ say)|it\ (?:was|is|might)|maybe|probably|about|around|aber|ich\ glaube|mais|je\ crois|pero|creo|ma|credo|mas|acho)\b",
    )
});

/// A question in the shape of a clause: "Whether the crane is sold".
static ASKS_INDIRECTLY: LazyLock<Regex> = LazyLock::new(|| {
    words(
        r"^\W*(?:who|whom|whose|what|when|where|which|why|how|whether|if\ we|do\ we|is\ it|wer|was|wann|wo|welche\w*|warum|wie|ob|qui|quand|où|quel\w*|pourquoi|comment|quién|qué|cuándo|dónde|cuál\w*|cómo|chi|che\ cosa|quando|dove|quale|perché|quem|onde|qual)\b",
    )
});

/// The first sentence of a contract.
static PREAMBLE: LazyLock<Regex> = LazyLock::new(|| {
    words(
        r"\b(?:made|entered\ into|is\ by|dated|effective|executed|concluded|agreement|contract|amendment|lease|deed|letter|vertrag\w*|vereinbarung|contrat|accord|avenant|contrato|acuerdo|convenio|contratto|accordo|acordo)\b.{0,400}?\b(?:between|by\ and\ among|among|by\ and\ between|zwischen|entre|tra|fra)\b",
    )
});

/// What a contract leaves to be filled in.
static BLANK: LazyLock<Regex> = LazyLock::new(|| {
    words(
        r"\b(?:TB[DCA]|to\ be\ (?:agreed|confirmed|negotiated)|noch\ zu\ vereinbaren|à\ convenir|por\ convenir|da\ concordare|a\ acordar)\b",
    )
});

/// A definition: "“FDA” means …".
static DEFINES: LazyLock<Regex> = LazyLock::new(|| {
    words(
        r#"^.{0,100}?(?:\b(?:means|shall\ mean|has\ the\ meaning|have\ the\ meanings?|is\ defined|refers\ to|bedeutet|bezeichnet|désigne|significa|se\ entenderá)\b|["”]\ (?:mean|is)\b)"#,
    )
});

/// "by Friday", "by the 10th", "until", "bis Montag".
static DEADLINE: LazyLock<Regex> = LazyLock::new(|| {
    words(
        r"\b(?:by|before|until|no\ later\ than|due(?:\ on)?|on|bis(?:\ zum)?|spätestens|avant(?:\ le)?|d'ici|antes\ del?|para\ el|entro(?:\ il)?|até)\ (?:the\ |next\ |this\ |close\ of\ |end\ of\ |nächsten\ |le\ |el\ |il\ |o\ )*
            (?:tomorrow|today|tonight|(?:\d{1,2}(?:st|nd|rd|th)?(?:[\ .,;:)]|$))|monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|month|january|february|march|april|may|june|july|august|september|october|november|december|
            montag|dienstag|mittwoch|donnerstag|freitag|morgen|lundi|mardi|mercredi|jeudi|vendredi|demain|lunes|martes|miércoles|jueves|viernes|mañana|lunedì|martedì|mercoledì|giovedì|venerdì|domani|segunda|terça|quarta|quinta|sexta|amanhã)
        | \bwithin\ \w+(?:\ \(\d+\))?\ (?:business\ |working\ )?(?:hours?|days?|weeks?) | \bthis\ (?:afternoon|morning|week) | \bfrom\ tomorrow | \bASAP\b",
    )
});

static DUTY: LazyLock<Regex> = LazyLock::new(|| {
    words(
        r"\b(?:shall|must|agrees?\ to|undertakes?\ to|is\ (?:obliged|required)\ to|hat\b.{0,60}\bzu\b|ist\ verpflichtet|verpflichtet\ sich|doit|devra|s'engage|deberá|se\ obliga|deve|dovrà|si\ impegna|deverá|obriga-se)\b",
    )
});

static OPEN: LazyLock<Regex> = LazyLock::new(|| {
    words(
        r"\b(?:this|that|it)(?:\ one)?(?:\ is|['’]s|\ remains|\ stays)\ (?:still\ )?open\s*(?:[.,;!]|$) | \b(?:(?:still\ an?|an|one|the)\ open\ (?:question|issue|point)|open\ questions?:|TBD|TBC|TBA|to\ be\ (?:decided|determined|confirmed|clarified|discussed|resolved|agreed\ upon\ later)|unclear|not\ yet\ (?:settled|decided|resolved|clear|agreed|known)|not\ (?:settled|decided)|(?:this|that|it)(?:\ one)?(?:\ is|'s)\ (?:still\ )?(?:unresolved|undecided|unsettled|not\ settled)|isn['’]t\ settled|(?:is|are|remains?|was|were)\ still\ (?:open|undecided)|left\ open|unresolved|undecided
            |we\ (?:still\ )?(?:don['’]t|do\ not)\ (?:yet\ )?know\ (?:yet|who|when|how|whether|if|which|where|what)|(?:haven['’]t|have\ not|hasn['’]t)\ (?:yet\ )?(?:agreed|decided|settled|resolved|figured)|remains?\ to\ be|needs?\ (?:to\ be\ )?(?:decid|clarif|discuss|resol)\w*|up\ for\ (?:debate|discussion)|one\ question\ is|the\ question\ is
            |offene\ (?:frage|punkt)\w*|ungeklärt|unklar|zu\ klären|noch\ (?:offen|nicht\ (?:entschieden|geklärt|vereinbart))|à\ (?:définir|confirmer|clarifier|décider)|en\ suspens|reste\ à|pas\ encore\ (?:décidé|convenu)
            |por\ (?:definir|decidir|confirmar|aclarar)|pendiente|queda\ por|aún\ no|da\ (?:definire|decidere|chiarire|confermare)|in\ sospeso|non\ ancora|a\ definir|em\ aberto|ainda\ não)\b",
    )
});

/// An answer that leaves the question where it was.
static NO_ANSWER: LazyLock<Regex> = LazyLock::new(|| {
    words(
        r"\b(?:(?:I|we)(?:'m|\ am|'re|\ are)?\ (?:really\ |honestly\ |just\ |still\ )?(?:don['’]t|do\ not|didn['’]t|not)\ (?:yet\ )?(?:know|sure|certain|remember|recall)|no\ idea|not\ sure|hard\ to\ say|we['’]ll\ see|good\ question|have\ to\ (?:look|check|ask|find\ out)|get\ back\ to\ you|open\ question|can['’]t\ (?:say|tell|remember)|remains\ to\ be
            |weiß\ (?:ich|es|man)?\ ?nicht|keine\ ahnung|muss\ ich\ (?:prüfen|klären)|je\ ne\ sais\ pas|aucune\ idée|no\ (?:lo\ )?sé|ni\ idea|non\ (?:lo\ )?so|não\ sei)\b",
    )
});

/// With what each weighs: a penalty more than a worry.
static RISKS: LazyLock<[(Regex, f64); 3]> = LazyLock::new(|| {
    [
        (
            words(
                r"\b(?:penalt\w+|liquidated\ damages|terminat\w+|breach\w*|indemnif\w+|indemnit\w+|liable|liability|forfeit\w*|infring\w*|event\ of\ default|insolven\w+|bankrupt\w*|lawsuit|injunct\w+
                    |vertragsstrafe\w*|haft(?:et|en|ung)\w*|kündig\w+|schadensersatz\w*|verzug\w*|verletz\w+|pénalité\w*|résili\w+|manquement\w*|responsabilit\w+|dommages?-intérêts?|penalidad\w*|penalizaci\w+|rescis\w+|incumplim\w+|responsabilidad\w*|indemniz\w+|penale|penali|inadempi\w+|risoluzione|risarcim\w+|multas?|inadimpl\w+|incumprim\w+|indeniz\w+|indemniza\w+)\b",
            ),
            2.0,
        ),
        (
            words(
                r"\b(?:risks?|risky|delay\w*|overdue|late|fail(?:s|ed|ure|ures|ing)?|damages|loss(?:es)?|harm|dispute\w*|claims?|default|at\ its\ own\ risk|sole\ discretion|without\ (?:notice|cause|liability)|as\ is|non-?refundable|irrevocabl\w+|no\ warrant\w+|disclaim\w+|incident|vulnerab\w+|exploit|security\ (?:issue|problem|hole)|attack\w*|outage|deadline|slips?|shortfall|over\ budget|miss(?:es|ed)?|costs?\ us|leak\w*|wrong|lost
                    |risik\w+|schäden|schaden|verzöger\w+|ausfall|verspät\w+|risques?|retards?|préjudice\w*|dommages?|perte\w*|riesgos?|retras\w+|daños?|pérdidas?|rischi\w*|ritard\w+|dann[oi]|perdit[ae]|riscos?|atras\w+|danos?|perdas?)\b",
            ),
            1.0,
        ),
        (
            words(
                r"\b(?:unless|concern(?:s|ed)?|worr(?:y|ied|ies)|afraid|problem\w*|issue\ is|careful|unfortunately|may\ not\ be\ able|not\ enough|cannot\ guarantee|won['’]t\ (?:work|happen|make)|danger\w*|threat\w*|subject\ to|bedenken|sorge\w*|besorgt|leider|inquiet\w*|préoccup\w+|preocup\w+|preoccup\w+|problema\w*|purtroppo|infelizmente)\b",
            ),
            0.7,
        ),
    ]
});

/// Somebody denies what somebody else says.
static DENIES: LazyLock<Regex> = LazyLock::new(|| {
    words(
        r"\b(?:disput(?:es|ed|ing)|disagree[sd]?|den(?:y|ies|ied)|contest(?:s|ed)|contradict(?:s|ed)?|reject(?:s|ed)\ (?:the|this|that|any)|object(?:s|ed)\ (?:to|that)|refut(?:e|es|ed)|never\ agreed|(?:did|do|does|can|have|has)(?:\s?n['’]t|\ not|not)\ (?:agree|accept)(?:ed)?|on\ the\ contrary
            |bestreite[tn]?|bestritt\w*|widersprich\w*|widersprach\w*|strittig|streitig|weist\b.{0,60}\bzurück|wies\b.{0,60}\bzurück|conteste(?:nt)?|contesté\w*|nie(?:nt)?\s+que|niega\w*|negó|rechaz[aó]\w*|disput[aó]|nega(?:no)?|contesta(?:no|m)?|respinge|contestou|negou)\b",
    )
});

/// A reply that sets itself against what was said just before.
static OBJECTS: LazyLock<Regex> = LazyLock::new(|| {
    words(
        r"(?:^|[.,;!?]\ )\s*(?:(?:sorry|well|but|oh|no+|i'm\ afraid|actually|hang\ on|wait)[,.]?\ )*
            (?:that(?:['’]s|\ is|\ was)(?:n['’]t|\ not)\ (?:right|true|correct|so|what|how|accurate|the\ (?:number|case|figure|date|point))
             |that(?:['’]s|\ is)\ (?:wrong|incorrect|false|untrue|nonsense|inaccurate)
             |(?:I|we)\ (?:totally\ |completely\ |strongly\ |respectfully\ |really\ )?(?:disagree|dispute|deny|reject|contest)\b
             |(?:I|we)\ (?:do\ not|don['’]t|can['’]?t|cannot|can\ not)\ (?:agree|accept)\b
             |(?:it|this)(?:['’]s|\ is|\ was)(?:n['’]t|\ not)\ (?:right|true|correct|accurate)\b
             |not\ (?:true|correct|right)\b|on\ the\ contrary\b
             |das\ (?:stimmt|ist)\ (?:so\ )?nicht(?:\ (?:richtig|wahr))?\b|(?:dem|da)\ widerspreche\ ich|ce\ n'est\ pas\ (?:vrai|exact)|je\ ne\ suis\ pas\ d'accord|no\ es\ (?:cierto|verdad|así)|no\ estoy\ de\ acuerdo|non\ è\ vero|non\ sono\ d'accordo|não\ é\ verdade|discordo)",
    )
});

/// "not", "never" and their like.
static NEGATION: LazyLock<Regex> = LazyLock::new(|| {
    words(
        r"\b(?:not|never|cannot|no\ longer|did\s?n['’]?t|was\s?n['’]?t|were\s?n['’]?t|has\s?n['’]?t|have\s?n['’]?t|had\s?n['’]?t|is\s?n['’]?t|are\s?n['’]?t|does\s?n['’]?t|don['’]t|won['’]t|can['’]t|neither|none|nobody|without|nicht|kein\w*|nie(?:mals)?|pas|jamais|aucune?|no|nunca|ningun\w*|non\s|mai|nessun\w*|não|nenhum\w*)\b",
    )
});

/// Words of rules, conditions and wishes: what they say is no account of facts.
static NO_ACCOUNT: LazyLock<Regex> = LazyLock::new(|| {
    words(
        r"\b(?:shall|(?-i:may)|must|should|would|could|might|can|will|if|unless|whether|provided|except|agrees?\ (?:to|that)|means|mean|hereby|represents?|warrants?|notwithstanding|pursuant|thereof|herein|hereof|soll\w*|darf|dürfen|muss|müssen|kann|können|wird|werden|falls|wenn|sofern|peut|doit|si|sauf|puede|debe|deberá|può|deve|dovrà|devra|qualora|pode|deverá)\b",
    )
});

/// Somebody's words, or those of a paper.
static SAYS: LazyLock<Regex> = LazyLock::new(|| {
    words(
        r"\b(?:says?|said|states?|stated|claim(?:s|ed)|maintains?|maintained|asserts?|asserted|argues?|argued|insists?|insisted|alleg(?:es|ed)|contends?|contended|reports?|reported|shows?|showed|lists?|listed|records?|recorded|reads|heard|counted|according\ to|told|testified|sagt\w*|erklärt\w*|behaupte\w*|meint\w*|dit|déclare\w*|affirme\w*|prétend\w*|dice|dijo|afirma\w*|sostiene|declar[aó]\w*|dichiara\w*|diz|disse)\b",
    )
});

/// "You'll have a plan from me", with a day.
static HANDS_OVER: LazyLock<Regex> =
    LazyLock::new(|| words(r"\byou(?:'ll|’ll|\ will)\ (?:have|get|receive)\b"));

macro_rules! tell {
    ($($(#[$doc:meta])* $name:ident: $pattern:ident;)*) => {
        $($(#[$doc])* pub(super) fn $name(said: &str) -> bool { $pattern.is_match(said) })*
    };
}

tell! {
    promises: PROMISE;
    chairs: CHAIRS;
    is_of_others: OTHERS;
    guesses: GUESSES;
    asks_indirectly: ASKS_INDIRECTLY;
    is_preamble: PREAMBLE;
    defines: DEFINES;
    has_a_blank: BLANK;
    has_deadline: DEADLINE;
    has_duty: DUTY;
    hands_over: HANDS_OVER;
    leaves_open: OPEN;
    /// Whether an answer leaves its question open.
    is_no_answer: NO_ANSWER;
    denies: DENIES;
    /// Whether a reply begins by objecting to what was said before it.
    objects: OBJECTS;
    negates: NEGATION;
    /// Whether it speaks of what is to be or may be, not of what is.
    is_no_account: NO_ACCOUNT;
    quotes_somebody: SAYS;
}

/// Whether it sets a task itself, and not in words that it quotes.
pub(super) fn sets_a_task(said: &str) -> bool {
    let quotes = |before: &str| before.matches(['"', '“', '”']).count() % 2 == 1;
    TASK.find(said).is_some_and(|found| !quotes(&said[..found.start()]))
}

pub(super) fn decides(said: &str) -> bool {
    DECIDED.is_match(said) && !UNDECIDED.is_match(said)
}

/// What deals with risks and is none: "vulnerability management", "incident report".
static DEALING: LazyLock<Regex> = LazyLock::new(|| {
    words(
        r"\b(?:vulnerabilit(?:y|ies)|risks?|incidents?|failures?|disputes?|claims?|loss(?:es)?|attacks?|outages?|breach|leak)\ (?:management|reports?|reporting|assessments?|registers?|response|resolution|handling|policy|policies|process|procedures?|tracker|logs?|teams?|committee|officers?|owners?|analysis|reviews?|adjust(?:er|ment)s?|disclosure)\b
        | \b(?:risiko(?:management|bewertung|analyse)|gestion\ des\ risques|gestión\ de\ riesgos|gestione\ dei\ rischi|gestão\ de\ riscos)\b",
    )
});

/// How much a sentence warns of; 0 where it does not.
pub(super) fn risk(said: &str) -> f64 {
    let said = DEALING.replace_all(said, " ");
    let each = |(pattern, weight): &(Regex, f64)| {
        let found: std::collections::BTreeSet<String> =
            pattern.find_iter(&said).map(|m| m.as_str().to_lowercase()).collect();
        #[expect(clippy::cast_precision_loss, reason = "a handful of words")]
        let count = found.len().min(3) as f64;
        count * weight
    };
    RISKS.iter().map(each).sum()
}

/// Where a sentence denies, with the words of the denial.
pub(super) fn denial(said: &str) -> Option<std::ops::Range<usize>> {
    DENIES.find(said).map(|found| found.range())
}

/// What the sentences under a heading are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Topic {
    Decisions,
    Actions,
    Questions,
    Risks,
    /// Names, links, dates of the meeting: nothing that was said.
    Furniture,
}

/// What a heading, or a short lead before a list, announces.
pub(super) fn topic(heading: &str) -> Option<Topic> {
    static TOPICS: LazyLock<[(Regex, Topic); 5]> = LazyLock::new(|| {
        [
            (
                words(
                    r"^\W*(?:\d+\W+)?(?:key\ )?(?:decisions?|resolutions?|resolved|agreed|outcomes?|conclusions?|beschlüsse|beschluss|entscheidungen|décisions?|decisiones|acuerdos|decisioni|decisões|deliberações)\b.{0,30}$",
                ),
                Topic::Decisions,
            ),
            (
                words(
                    r"^\W*(?:\d+\W+)?(?:new\ |our\ )?(?:actions?(?:\ (?:items?|points?))?|to-?\ ?dos?|next\ steps?|next\ actions?|follow-?ups|tasks|homework|aufgaben|nächste\ schritte|maßnahmen|actions?\ à\ mener|prochaines\ étapes|tâches|acciones|tareas|próximos\ pasos|azioni|prossimi\ passi|ações|tarefas|próximos\ passos)\b(?:\ (?:from|for|of|until|this)\b.{0,30})?\W*$",
                ),
                Topic::Actions,
            ),
            (
                words(
                    r"^\W*(?:\d+\W+)?(?:(?:open|unresolved|outstanding|remaining)\ (?:questions?|issues?|points?|items?)|questions?(?:\ for\b.{0,30}|\ to\ (?:ask|resolve).{0,20})?|offene\ (?:punkte|fragen)|fragen|questions\ (?:ouvertes|en\ suspens)|points\ (?:ouverts|en\ suspens)|(?:preguntas|cuestiones|puntos)(?:\ (?:abiert|pendient)\w+)?|(?:domande|questioni|punti)(?:\ apert\w+)?|(?:questões|perguntas|pontos)(?:\ (?:em\ aberto|pendentes))?)\W*$",
                ),
                Topic::Questions,
            ),
            (
                words(
                    r"^\W*(?:\d+\W+)?(?:(?:key\ )?risks?(?:\ and\b.{0,30})?|concerns?|risiken|bedenken|risques|riesgos|rischi|riscos)\W*$",
                ),
                Topic::Risks,
            ),
            (
                words(
                    r"^\W*(?:\d+\W+)?(?:attend(?:ees|ance|ing)|present|participants?|absent|apologies|regrets|links?|resources|recordings?|meeting\ (?:info|roles|time|details)|invited|observers?|members\ present|teilnehmer\w*|anwesend\w*|participants|présents|asistentes|participantes|partecipanti|presenti|presentes|index|contents|table\ of\ contents|appearances|exhibits)\b.{0,30}$",
                ),
                Topic::Furniture,
            ),
        ]
    });
    if heading.len() > 60 {
        return None;
    }
    TOPICS.iter().find(|(pattern, _)| pattern.is_match(heading)).map(|(_, topic)| *topic)
}

#[cfg(test)]
mod tests;
