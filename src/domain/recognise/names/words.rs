//! Word lists for names: what is never a name, what closes a company's name, what comes
//! before a person's. Lists only; the rules that use them are beside this file.

use std::collections::HashSet;
use std::sync::LazyLock;

/// A set of words.
pub(crate) type Words = LazyLock<HashSet<&'static str>>;

/// A set from words parted by spaces.
macro_rules! words {
    ($text:expr) => {
        LazyLock::new(|| $text.split(' ').collect())
    };
}
pub(super) use words;

/// Legal forms that make the capitalised words before them an organisation. Compared
/// without a final stop.
pub(crate) static LEGAL_FORMS: Words = words!(
    "AS Inc INC inc Incorporated INCORPORATED Ltd LTD ltd Limited LIMITED LLC L.L.C LLP L.L.P \
         L.P LP plc PLC Plc GmbH GMBH gGmbH mbH AG KG KGaA OHG UG SE e.V eG Corp CORP Corporation \
         CORPORATION Co CO Company COMPANY S.A SA S.A.S SAS S.A.R.L SARL S.à B.V BV N.V NV S.p.A \
         S.P.A SpA S.r.l S.R.L Srl Pty PTY Pte PTE Oy Oyj AB A/S ApS ASA K.K N.A Lda Sdn Bhd P.C \
         eGmbH S.L BERHAD Berhad \
         Ltda LTDA Limitada SARL SASU EURL SCI SNC S.N.C S.a.s S.A.U S.L.U SLU SL GbR PartG PartGmbB \
         mbB e.K eK SCA S.C.A s.r.o d.o.o a.s Kft Zrt Pvt PVT LLLP L.L.L.P PLLC P.L.L.C P.A Lllp \
         Aktiengesellschaft Unipessoal S.A.E EPE S.C.R.L Sàrl S.à.r.l Sarl A.S C.V CIC S.A.R.L.U"
);

/// Nouns that end an organisation's name but also stand in ordinary titles: they count
/// only behind a word that is a name itself.
pub(crate) static BODIES: Words = words!(
    "Bank Partners Group Holdings Holding Foundation Institute University College Association \
         Society Laboratories Industries Technologies Pharmaceuticals Therapeutics Systems \
         Ventures Hospital Universität Stiftung Genossenschaft Werke Verein Bancorp Commission \
         Ministry Authority Partnership Chamber \
         Council Trust Fund Agency Administration Bureau Cooperative Federation Union Academy \
         Laboratory Consortium Sparkasse Volksbank Hochschule Klinikum Krankenhaus Gewerkschaft \
         Verband Kammer Ministerium Bundesamt"
);

/// Legal forms that are ordinary words too.
pub(crate) static WEAK_FORMS: Words = words!("limited company corporation co incorporated lp as");

/// Words before "of", "de", "di" or "für" that open an organisation's name.
pub(crate) static BODIES_OF: Words = words!(
    "University Regents Trustees Bank Federation Ministry Department College Institute Church Universität Université \
         Universidad Universidade Università Banco Banque Banca Ministère Ministerio Ministério \
         Ministero Ministerium Bundesministerium Ayuntamiento Comune Câmara Mairie Hochschule \
         Istituto Instituto Institut Landkreis Kreis Stadt Gemeinde Asociación Associazione \
         Associação Association Fundación Fundação Fondazione Fondation Council Verband Verein \
         Cámara Chambre Conseil Consejo Consiglio Agencia Agência Agenzia Bundesamt"
);

/// Those of them that stand before a name without any small word between.
pub(crate) static BODIES_BEFORE: Words = words!(
    "Universität Université Banco Banque Banca Stiftung Fundación Fundação Fondazione Fondation \
         Instituto Istituto Hochschule Volksbank Sparkasse Klinikum"
);

/// Words that end a name wherever they stand, large or small: they join, point or count.
/// In small letters.
pub(crate) static FUNCTION: Words = words!(
    "a an the this that these those such each any all no every and or but by nor between \
         among to from of in on at for with as is are was be if when where whereas upon under \
         until after before since while not it its he she they we you i his her their our your my \
         who which what why how then so yes okay ok well now here there thank thanks dear hello \
         hi see accord citing regards sincerely best kind please should would could can does did do has have had \
         shall will must may certain both either neither hereinafter whereof therefore \
         accordingly however although because unless except provided notwithstanding said per via \
         re cc attn attention let also other within during through one agreement contract exhibit \
         schedule annex appendix section article clause paragraph signed witness witnesseth \
         monday tuesday wednesday thursday friday saturday sunday january february march april \
         june july august september october november december according including regarding \
         concerning der die das den dem des ein eine einer eines und oder zwischen von vom zu zum \
         zur im am mit für auf aus bei durch nach wir sie er es ich sowie nachfolgend folgenden \
         jede jeder beide diese dieser diesem dieses vertrag vertrages vereinbarung anlage anhang \
         absatz paragraf vertreten ist hat wird"
);

/// Ordinary words that contracts write large: never a person's name, and no organisation's
/// by themselves, but an organisation's name may hold them. In small letters.
pub(crate) static TERMS: Words = words!(
    "recitals recital party parties date title name address addresses signature witnesses \
         effective term terms notice notices services service product products confidential \
         information intellectual property rights right law laws governing entire general \
         definitions definition payment payments payable fee fees price liability limitation \
         termination warranty warranties representations indemnification force majeure \
         miscellaneous assignment amendment severability waiver counterparts headings license \
         licence licensed trademark trademarks copyright patent patents purchase order orders \
         invoice statement work business day days month months year years calendar quarter fiscal \
         initial renewal delivery deliverables delivered software system systems website data \
         customer customers supplier suppliers buyer seller purchaser vendor client licensor \
         licensee lessor lessee landlord tenant borrower lender employer employee employees \
         consultant contractor contractors subcontractor agent distributor reseller manufacturer \
         provider recipient discloser disclosing receiving owner sponsor affiliate affiliates \
         franchisor franchisee guarantor investor issuer shareholder shareholders member members \
         manager managers director directors officer officers president secretary treasurer \
         chairman chief executive financial operating vice senior managing counsel attorney \
         partner representative representatives third first second new joint venture subsidiary \
         subsidiaries parent board committee court state states federal republic district county \
         city street avenue road suite floor box po phone telephone fax facsimile email e-mail \
         tel number question answer speaker interviewer moderator note notes example summary \
         background agenda action item items page exclusive nonexclusive mutual nondisclosure \
         standard special additional applicable authorized duly print printed subject insurance \
         public stock target acquiring limited holding privately listed governmental government \
         regulatory major corporate legal accounts accounting department office approvals \
         approval requirements performance functional independent quantity agreed quality station \
         group center centre zone industrial grant source domestic international sales marketing \
         mktg ceo cfo coo cto evp cup chair minister prime madam mister mailing company \
         corporation authority commission industry administration contracting controlled \
         collaborative study bank trust surviving resulting successor project meeting team lead \
         host guest user account support security privacy policy plan report research development \
         commercial technical technology material materials equipment network media content event \
         events program design designer interface auftraggeber auftraggeberin auftragnehmer \
         auftragnehmerin käufer verkäufer kunde kunden lieferant lieferantin lieferanten \
         besteller mieter vermieter lizenzgeber lizenznehmer gesellschaft partei parteien branded travel minimum viable biopharmaceutical pharmaceutical \
         vertragspartei vertragsparteien firma geschäftsführer geschäftsführerin vorstand herr \
         herrn frau straße ort datum unterschrift anschrift titel leistung leistungen sitz \
         ansprechpartner telefon prokurist"
);

/// Roles that parties to a contract are given, in small letters.
pub(crate) static ROLES: Words = words!(
    "company partner supplier customer client licensor licensee seller buyer purchaser provider \
         vendor distributor consultant contractor subcontractor lessor lessee landlord tenant \
         borrower lender employer employee discloser recipient agent sponsor manufacturer \
         reseller franchisor franchisee guarantor holder investor issuer owner artist party \
         parties member members executive user users subscriber operator producer publisher \
         author trustee escrow affiliate undersigned agency network venture shareholder \
         shareholders manager managers representative service auftraggeber auftraggeberin \
         auftragnehmer auftragnehmerin käufer käuferin verkäufer verkäuferin kunde kundin \
         lieferant lieferantin besteller bestellerin mieter mieterin vermieter vermieterin \
         lizenzgeber lizenzgeberin lizenznehmer lizenznehmerin gesellschaft dienstleister \
         anbieter anbieterin partei parteien vertragspartei vertragsparteien arbeitnehmer \
         arbeitnehmerin arbeitgeber arbeitgeberin nutzer unternehmen hersteller promoter \
         university bank fund trust administrator adviser advisor athlete celebrity venturer \
         venturers assignor assignee transferor transferee pledgor grantor grantee mortgagor \
         mortgagee obligor creditor debtor carrier shipper broker dealer franchise advertiser \
         marketer processor controller exporter importer developer hospital institution college \
         researcher investigator counterparty subscriber obligee indemnitor indemnitee optionor \
         optionee lessees partners employers sellers buyers purchasers lenders borrowers \
         underwriter placement marketer operator host corporation parent subsidiary foundation \
         authority council city county state client auftragsverarbeiter darlehensgeber \
         darlehensnehmer treuhänder makler vertragspartner parties fournisseur prestataire \
         acheteur acheteuse vendeur vendeuse bailleur preneur locataire concédant licencié société \
         employeur salarié mandant mandataire distributeur franchiseur franchisé partie proveedor \
         proveedora prestador prestadora comprador compradora vendedor vendedora arrendador \
         arrendatario licenciante licenciatario empresa sociedad contratista contratante empleador \
         trabajador distribuidor parte partes fornitore fornitrice committente acquirente venditore \
         venditrice locatore conduttore licenziante licenziatario società distributore parti \
         lavoratore datore fornecedor fornecedora prestadores compradores locador locatário \
         plaintiff plaintiffs defendant defendants appellant appellants appellee appellees \
         petitioner petitioners respondent respondents claimant claimants registrant \
         berater beraterin clienta prestadora cliente freelancer künstler künstlerin autor autorin \
         agentur verwalter verwalterin darlehensgeberin darlehensnehmerin pächter verpächter \
         contratada contratado licenciado empregador empregado distribuidora sociedade cliente"
);

/// Titles before a person's name, without a final stop.
pub(crate) static TITLES: Words = words!(
    "Mr Mrs Ms Miss Dr Prof Professor Herr Herrn Frau Judge Justice Hon Sir MR MRS MS DR \
         Senator Dipl.-Ing Mme Mlle Monsieur Madame Sr Sra Srta Doña Dña Sig Sig.ra Signora Signor \
         Dott Dott.ssa Avv Dra Lic Lord Lady Rev Reverend Dame Mag Ing Councillor Cllr Captain Capt \
         Maître SR SRA MME DOTT AVV"
);

/// Titles that are initials or given names in English and German.
pub(crate) static ROMANCE_TITLES: Words =
    words!("M D Don Dom Eng Me sig sig.ra dott dott.ssa avv ing prof sr sra");

/// Common given names: two capitalised words of which the first is one of these are taken
/// for a person. Names that are also ordinary words or places are left out.
pub(crate) static GIVEN: Words = words!(
    "Aaron Adam Adrian Agnes Alan Albert Alberto Alex Alexander Alexandra Alfred Ali Alice \
         Alison Amanda Amelia Amy Ana Andrea Andreas Andrew Angela Anita Anja Ann Anna Anne \
         Annette Anthony Antonio Arthur Astrid Barbara Beatrice Benjamin Bernard Bernd Bettina \
         Birgit Bob Brenda Brian Bruce Carl Carla Carlos Carmen Carol Caroline Catherine Charles \
         Chloe Chris Christa Christian Christina Christine Christoph Christopher Claire Clara \
         Claudia Colin Craig Cynthia Dana Daniel Daniela David Deborah Denise Dennis Diana Dieter \
         Dirk Donald Dora Dorothy Douglas Edgar Edith Eduard Edward Elena Eleanor Elias Elisabeth \
         Elizabeth Ellen Emily Emma Eric Erik Ernst Esther Eugene Eva Evelyn Fatima Felix Fiona \
         Florian Frances Francesca Francis Frank Franz Fred Friedrich Gabriel Gabriele Gary \
         Geoffrey George Gerald Gerard Gerd Gerhard Gisela Giulia Gordon Greg Gregory Greta \
         Günter Günther Hannah Hannelore Hans Harald Harold Harriet Harry Heather Heidi Heike \
         Heinrich Heinz Helen Helena Helga Helmut Henrik Henry Herbert Hermann Holger Howard Hugo \
         Ian Ines Inga Ingrid Irene Iris Isaac Isabel Isabella Ivan Jack Jakob James Jan Jane \
         Janet Janice Jason Jean Jeffrey Jennifer Jens Jeremy Jessica Jill Jim Joachim Joan \
         Joanna Jochen Joe Joel Johan Johann Johannes John Jonas Jonathan Jörg José Jose Joseph \
         Josef Joshua Juan Judith Julia Julian Julie Jürgen Karen Karin Karl Kate Katharina \
         Katherine Kathleen Katja Katrin Keith Kenneth Kerstin Kevin Klaus Konrad Kurt Larry Lars \
         Laura Lawrence Lena Leo Leon Leonard Leonie Lewis Lisa Louis Louise Lucas Lucy Luis \
         Lukas Luke Lydia Maja Manfred Marc Marcel Marco Marcus Margaret Maria Marianne Marie \
         Marina Mario Marion Marlene Markus Martha Martin Martina Mary Mathias Matthew Matthias \
         Maureen Max Maximilian Megan Melanie Melissa Mia Michael Michelle Miguel Mike Miriam \
         Mohammed Monica Monika Moritz Nadia Nadine Nancy Naomi Natalie Nathan Neil Nicholas Nick \
         Nicole Nigel Nils Nina Nora Norbert Norman Olaf Oliver Olivia Oscar Oskar Otto Pablo \
         Pamela Patricia Patrick Paul Paula Pedro Peter Petra Philip Philipp Phillip Pierre Priya \
         Rachel Rainer Ralf Ralph Raymond Rebecca Regina Renate Ricardo Richard Rita Robert \
         Roberto Robin Roger Roland Rolf Ronald Rosa Rosemary Roy Rudolf Russell Ruth Ryan Sabine \
         Sally Sam Samantha Samuel Sandra Sara Sarah Scott Sean Sebastian Sergio Sharon Shirley \
         Silke Simon Simone Sofia Sonja Sophia Sophie Stefan Stefanie Stephan Stephanie Stephen \
         Steve Steven Stuart Susan Susanne Sven Sylvia Tamara Tanja Teresa Terry Theo Theodor \
         Theresa Thomas Tim Timothy Tina Tobias Tom Tony Tracy Udo Ulrich Ulrike Ursula Ute Uwe \
         Abigail Adele Agustín Aidan Aisha Alain Alba Alejandra Alejandro Alessandra Alessandro \
         Alessia Alfonso Alfredo Alicia Aline Allan Allen Álvaro Amélie Amir Anaïs Ángel Angelo \
         Aurora Anna-Lena Antoine Antônio António Antonella Armando Arnaud Arnold Arturo Audrey Aurélie \
         Barry Beatriz Benedikt Benoît Ben Bernardo Bianca Bill Björn Brad Bradley Brent Bridget \
         Bruno Bryan Caitlin Camila Camille Carolina Carsten Casey Cécile Cecilia Céline Chantal \
         Charlotte Chiara Chloé Clara Claude Clément Connor Constance Corinne Cristian Cristiano \
         Cristina Curtis Damien Dan Daniele Danielle Danilo Darren Dave Davide Dean Debra Delphine \
         Derek Diane Diego Dominic Dominique Donna Doug Duncan Dylan Ed Eduardo Edoardo Eileen \
         Élise Élodie Emanuele Emilia Emilie Émilie Emilio Emmanuel Enrico Enrique Erica Ernesto \
         Esteban Estelle Étienne Ethan Eugenio Fabien Fabio Fabrice Federico Fernanda Fernando \
         Filippo Filipe Flávia Flavio Francesco Francisca Francisco Franck François Françoise \
         Frédéric Frederick Gail Gavin Geneviève Georges Gérard Giacomo Gianluca Gilles Gina \
         Giovanna Giovanni Giuseppe Glenn Gloria Gonzalo Graham Grégoire Gustavo Guido Guillaume \
         Guillermo Gwen Hakim Hannes Hassan Hélène Heloísa Henri Huw Hubert Hugh Hussein Ignacio \
         Iain Imran Inês Isabelle Ismael Ivana Jacqueline Jacques Jaime Jamie Jared Javier Jay \
         Jeremiah Jerome Jérôme Jerry Jesús Joana João Joaquín Jorge Josefina Josh Josiane Juana \
         Juliana Julien Juliette Julio Justin Karim Kathrin Kathy Katrina Kelly Ken Kent Kim Kirsten \
         Kristin Kyle Laurent Leandro Leila Leonardo Letícia Liam Lidia Lindsay Loïc Lorenzo \
         Lorraine Lou Luca Lucia Lucía Luciano Lucie Lucien Ludovic Luigi Luísa Luiz Lynn Manuel \
         Manuela Marcelo Marcela Marcello Margarita Mariana Marielle Marisa Marta Mateo Mathieu \
         Matilde Matt Matteo Mauricio Maurizio Mauro Maurice Mélanie Mercedes Michał Michel Michela \
         Michele Mikhail Mitchell Mohamed Mohammad Muhammad Natalia Nathalie Nicola Nicolas Nicolás \
         Noah Noël Noémie Norma Octavio Odile Olga Olivier Omar Oriol Osvaldo Owen Paola Paolo \
         Pascal Pat Patrícia Patrice Patricio Paulo Peggy Phil Philippe Pietro Priscilla Rafael \
         Raffaele Ramón Randy Raphaël Raquel Raúl Reinhard Rémi Renata Renato René Renée Ricarda \
         Rick Riccardo Rob Roberta Rodrigo Rodney Romain Ron Ronan Rosario Ross Rubén Rui Sabrina \
         Salvador Salvatore Sandrine Sandro Santiago Sébastien Serge Sergei Séverine Shannon \
         Sheila Sidney Sílvia Silvia Silvio Solange Sonia Sophia-Marie Stanislas Stéphane Stéphanie \
         Stella Sue Suzanne Sylvain Sylvie Tadeu Tânia Ted Teodoro Thierry Thaís Thibault Todd Tomás \
         Tommaso Travis Trevor Troy Tyler Umberto Valérie Valeria Vicente Vicky Victor Victoria \
         Vincenzo Violeta Virginie Vittoria Vittorio Viviana Wayne Wesley Xavier Yann Yannick Yves \
         Yolanda Yvette Zachary Valentina Valerie Vanessa Vera Veronica Verena Vincent Volker Walter Wendy Werner \
         Wilhelm William Wolfgang Yvonne Zoe"
);

/// Places that stand beside companies in lists of them, as where they were founded.
pub(crate) static PLACES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|\
     Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|\
     Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|\
     New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|\
     Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|\
     West Virginia|Wisconsin|Wyoming|England|Wales|Scotland|Ireland|United Kingdom|Canada|\
     Ontario|Germany|France|Spain|Italy|Portugal|Netherlands|Luxembourg|Switzerland|Austria|\
     Bermuda|Cayman Islands|Mexico|Brazil|India|China|Japan|Singapore|Hong Kong|Australia"
        .split('|')
        .collect()
});

/// Last words that make two capitalised words a place or a thing, not a person.
pub(crate) static NOT_SURNAMES: Words = words!(
    "street avenue road lane drive boulevard square park county city university college \
         hospital school court building house tower center centre bridge valley river island \
         islands beach bay airport hall straße strasse platz allee weg inc corp act award day way \
         fwy freeway blvd pkwy terrace institute foundation texas virginia carolina jersey"
);

/// Letters after a name that are no part of it.
pub(crate) static POST_NOMINALS: Words = words!("M.D MD PhD Ph.D Esq CPA JD J.D MBA");

/// Whether `word`, in whatever letters, ends a name.
pub(crate) fn is_function(word: &str) -> bool {
    FUNCTION.contains(&plain(word).as_str())
}

/// Whether a term is a role of a party: its last word is one ("Channel Partner").
pub(crate) fn is_role(term: &str) -> bool {
    term.rsplit(' ').next().is_some_and(|word| ROLES.contains(plain(word).as_str()))
}

/// Whether `word`, in whatever letters, is no name.
pub(crate) fn is_never(word: &str) -> bool {
    let plain = plain(word);
    FUNCTION.contains(&plain.as_str()) || TERMS.contains(&plain.as_str())
}

fn plain(word: &str) -> String {
    let lower = word.trim_end_matches(['.', ',']).to_lowercase();
    lower.trim_end_matches("'s").trim_end_matches("’s").to_owned()
}
