//! What the names of columns mean, in English, German, French, Spanish and Italian.
//!
//! A wrong guess towards identity costs a column that a person can give back; the other
//! way it costs a name. So the words of identity are looked for first and anywhere in
//! the name, and `file_name` is taken for a name.

use crate::fold::{fold, tokens};

/// What a column seems to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    PatientId,
    Number,
    Uid,
    Name,
    Birth,
    Contact,
    Address,
    Place,
    FreeText,
    Date,
    Year,
    Age,
    Sex,
    Category,
    Measure,
}

/// Whole names, without separators; here and below with spaces between them.
const WHOLE: &[(Meaning, &str)] = &[
    (
        Meaning::PatientId,
        "patientid patid pid mrn medicalrecordnumber patientnumber patientno patientnr \
         patientennummer patientenid patnr patientennr idpatient numeropatient nopatient \
         npatient ipp nip idpaciente numerodepaciente nhc numerodehistoria \
         historiaclinica idpaziente codicepaziente numeropaziente hospitalnumber \
         hospitalid subjectid caseid pacienteid pazienteid patient patientidentifier \
         chartnumber urnumber",
    ),
    (
        Meaning::Uid,
        "studyinstanceuid studyuid seriesinstanceuid seriesuid sopinstanceuid instanceuid",
    ),
    (
        Meaning::Birth,
        "dob gebdat gebdatum gebtag birthday ddn fdn fechanac datanascita",
    ),
    (
        Meaning::Age,
        "age alter edad eta ageatdiagnosis ageatimaging ageatscan ageyears",
    ),
    (
        Meaning::Sex,
        "sex gender geschlecht sexe sexo sesso genre genero genere",
    ),
    (
        Meaning::Measure,
        "weight height bmi psa crp egfr gfr creatinine kreatinin hemoglobin haemoglobin \
         hba1c ldl hdl leukocytes thrombocytes gewicht grosse groesse poids taille peso \
         altura altezza lesionsize tumorsize tumoursize diameter durchmesser volume \
         volumen suvmax suvmean adc dose dosis score lvef fev1 ki67 systolic diastolic \
         heartrate temperature survivaldays survivalmonths followupmonths timetoevent",
    ),
    (
        Meaning::Category,
        "diagnosis diagnose diagnostic diagnostico diagnosi stage stadium grade grading \
         birads pirads lirads lungrads tnm gleason laterality seite side histology \
         histologie receptorstatus er pr her2 status outcome response recist ecog smoker \
         smoking raucher modality bodypart scanner manufacturer vendor group gruppe arm \
         treatment therapie therapy traitement tratamiento mutation event vitalstatus icd \
         icd10 icdcode race ethnicity",
    ),
    (Meaning::Year, "year jahr annee ano anno"),
];

/// Words anywhere in a name. The first list with a hit decides.
const WORDS: &[(Meaning, &str)] = &[
    (
        Meaning::Birth,
        "birth dob geburt geburts geburtsdatum geburtstag geb naissance nacimiento \
         nascita birthdate born geboren nac",
    ),
    (
        Meaning::Contact,
        "phone telephone telefon telefono tel mobile mobil handy cell fax email mail \
         courriel correo kontakt contact url website portable movil cellulare posta",
    ),
    (
        Meaning::Address,
        "address adresse anschrift direccion indirizzo street strasse rue calle via \
         domicilio wohnort hausnummer addr",
    ),
    (
        Meaning::Place,
        "city town ort stadt ville ciudad citta zip zipcode plz postcode postal \
         postleitzahl cap cp hospital klinik krankenhaus clinic institution hopital \
         ospedale ward station employer arbeitgeber county region country land pays pais \
         paese site centre center nationality nationalitat occupation beruf profession \
         religion postale comune municipio department abteilung service",
    ),
    (
        Meaning::Number,
        "mrn ssn nhs insurance versicherung versichertennummer accession aufnahmenummer \
         fallnummer fall passport pass ausweis dni nif nie nss secu fiscale codicefiscale \
         sozialversicherung kvnr krankenkasse encounter visitid visitnumber licence \
         license account konto iban serial device token barcode auftragsnummer order \
         record file path uuid guid ip plate kennzeichen id nr no num number nummer \
         numero numer identifier code mpi case specimen sample",
    ),
    (
        Meaning::Name,
        "name names vorname nachname familienname surname lastname firstname forename \
         givenname first last middle maiden initials initialen nom prenom nombre nombres \
         apellido apellidos nome cognome patientname fullname title titel alias nickname \
         mother father mutter vater mere pere madre padre spouse partner relative kin \
         guardian physician doctor arzt arztin hausarzt medecin medico radiologist \
         radiologe operator technician mtra surgeon referrer referring uberweiser \
         zuweiser requester user username author reader befunder kontaktperson nurse \
         person",
    ),
    (
        Meaning::FreeText,
        "comment comments kommentar bemerkung bemerkungen remark remarks note notes notiz \
         anmerkung report befund beurteilung text freitext description beschreibung \
         history anamnese anamnesis findings impression conclusion indication indikation \
         fragestellung remarque commentaire observaciones comentario informe osservazioni \
         referto commento epikrise narrative reason compterendu",
    ),
    (
        Meaning::Date,
        "date datum fecha data day tag dia giorno jour time zeit timestamp zeitpunkt when \
         am datetime visit admission discharge death sterbedatum todesdatum deces tod \
         muerte decesso",
    ),
];

/// What a column's name says; `None` when it says nothing that we know.
pub(crate) fn meaning(name: &str) -> Option<Meaning> {
    let spaced = split_camel(name);
    let folded = fold(&spaced);
    let words = tokens(&folded);
    let whole: String = words.concat();
    // A unit in brackets or at the end does not change what is measured.
    let bare: String = tokens(&fold(&split_camel(
        name.split(['(', '[']).next().unwrap_or(name),
    )))
    .concat();
    for (meaning, names) in WHOLE {
        if names.split_whitespace().any(|n| n == whole || n == bare) {
            return Some(*meaning);
        }
    }
    let pairs: Vec<String> = words.windows(2).map(<[&str]>::concat).collect();
    let joined = |list: &str| {
        list.split_whitespace()
            .any(|n| words.contains(&n) || pairs.iter().any(|p| p == n))
    };
    for (meaning, list) in WORDS {
        if joined(list) {
            return Some(*meaning);
        }
    }
    // German writes its words together, and others put a letter in front.
    const INSIDE: &[(&str, Meaning)] = &[
        ("geburt", Meaning::Birth),
        ("birth", Meaning::Birth),
        ("name", Meaning::Name),
        ("telefon", Meaning::Contact),
        ("phone", Meaning::Contact),
        ("mail", Meaning::Contact),
        ("adress", Meaning::Address),
        ("address", Meaning::Address),
        ("strasse", Meaning::Address),
        ("nummer", Meaning::Number),
        ("number", Meaning::Number),
        ("versicher", Meaning::Number),
        ("arzt", Meaning::Name),
        ("klinik", Meaning::Place),
        ("hospital", Meaning::Place),
        ("kommentar", Meaning::FreeText),
        ("befund", Meaning::FreeText),
        ("datum", Meaning::Date),
        ("date", Meaning::Date),
        ("zeitpunkt", Meaning::Date),
    ];
    INSIDE
        .iter()
        .find(|(part, _)| whole.contains(part))
        .map(|(_, meaning)| *meaning)
}

/// `PatientID` as `Patient ID`.
fn split_camel(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (i, c) in letters.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|j| letters.get(j));
        let after = letters.get(i + 1);
        let starts = c.is_uppercase()
            && (before.is_some_and(|b| b.is_lowercase())
                || (before.is_some_and(|b| b.is_uppercase())
                    && after.is_some_and(|a| a.is_lowercase())));
        if starts {
            out.push(' ');
        }
        out.push(*c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_languages() {
        for (name, is) in [
            ("PatientID", Meaning::PatientId),
            ("MRN", Meaning::PatientId),
            ("Patienten-Nr.", Meaning::PatientId),
            ("N° patient", Meaning::PatientId),
            ("Nachname", Meaning::Name),
            ("Prénom", Meaning::Name),
            ("apellidos", Meaning::Name),
            ("Cognome", Meaning::Name),
            ("Geburtsdatum", Meaning::Birth),
            ("Date de naissance", Meaning::Birth),
            ("fecha_nacimiento", Meaning::Birth),
            ("data di nascita", Meaning::Birth),
            ("DOB", Meaning::Birth),
            ("Telefonnummer", Meaning::Contact),
            ("E-Mail", Meaning::Contact),
            ("Straße", Meaning::Address),
            ("Indirizzo", Meaning::Address),
            ("PLZ", Meaning::Place),
            ("Versichertennummer", Meaning::Number),
            ("Überweisender Arzt", Meaning::Name),
            ("Date of surgery", Meaning::Date),
            ("OP-Datum", Meaning::Date),
            ("fecha", Meaning::Date),
            ("StudyInstanceUID", Meaning::Uid),
            ("Alter", Meaning::Age),
            ("Geschlecht", Meaning::Sex),
            ("Bemerkungen", Meaning::FreeText),
            ("Weight (kg)", Meaning::Measure),
            ("file_name", Meaning::Number),
        ] {
            assert_eq!(meaning(name), Some(is), "{name}");
        }
        // Rather too careful than too little.
        assert_eq!(meaning("Xylophone quality"), Some(Meaning::Contact));
        assert_eq!(meaning("blorb"), None);
    }
}
