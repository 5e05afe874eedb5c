//! What single words of headings mean, in the languages of the window: in lowercase, without accents and blanks.

/// What a word says of the column that it stands above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Word {
    Iccid,
    Digits,
    Sim,
    Id,
    Number,
    Reference,
    Booking,
    Mail,
    Phone,
    Contact,
    Note,
    Tag,
    Start,
    End,
    Departure,
    Arrival,
    Return,
    Date,
    Trip,
    First,
    Last,
    Name,
    /// What stands between a first and a last name.
    Middle,
    Traveller,
    Customer,
    /// Somebody who may travel, or have to do with it only.
    Somebody,
    /// Who travels along.
    Companion,
    /// Not the first of them.
    Other,
    Billing,
    Shipping,
    /// Something that has a name or a number too, but is no traveller and no booking.
    Thing,
    /// Who sells, or enters what stands in a list.
    Staff,
    /// Who books, for somebody else or not.
    Booker,
    /// Who has a SIM, or an account somewhere.
    User,
    /// What was done when somebody booked; who, by and for whom is said beside it.
    Booked,
    /// Something that this program has no room for.
    Foreign,
    /// Where somebody lives.
    Address,
    /// When somebody flies: there, if nothing says that it is back.
    FlightDate,
    /// By which somebody shows who they are: a name may be the one that stands there.
    Document,
}

/// The words, each with what it means, with blanks between them. Up to three letters stand alone only; from five on also
/// inside of others, as German has them; those between begin another.
pub(super) const WORDS: &[(Word, &str)] = &[
    (Word::Iccid, "iccid iccids"),
    (
        Word::Digits,
        "digits lastdigits ziffern endziffern digitos chiffres cifre algarismos",
    ),
    (
        Word::Sim,
        "sim esim esims simcard simkarte simnummer esimnummer serial seriennummer",
    ),
    (Word::Id, "id ids"),
    (
        Word::Number,
        "number nummer nr no n num numero code codigo codice kennung",
    ),
    (
        Word::Reference,
        "reference referenz referencia riferimento ref pnr locator localizador localizzatore buchungscode \
         confirmation aktenzeichen",
    ),
    (
        Word::Booking,
        "booknumber vorg buch booking order buchung auftrag bestell reserva reservation reservierung pedido commande dossier \
         prenotazione ordine pratica encomenda vorgang expediente",
    ),
    (Word::Mail, "mail email correo courriel correio elettronica"),
    (
        Word::Phone,
        "phone telefon telephone telefono telefone movil mobil handy cellulare cell portable telemovel \
         celular tel telf tlf whatsapp rufnummer",
    ),
    (
        Word::Contact,
        "kontakt contact contatto contacto contato ansprechpartner",
    ),
    (
        Word::Note,
        "bem anm note notes remark comment bemerkung anmerkung notiz kommentar nota notas comentario observacion \
         remarque commentaire commento osservazion observac hinweis annotazion anotac",
    ),
    (
        Word::Tag,
        "tag tags label labels group category gruppe etiqueta grupo etiquette groupe etichett gruppo \
         kategorie categoria categorie schlagwort stichwort",
    ),
    (
        Word::Start,
        "start starts begin beginn beginnt inicio empieza comienzo debut inizio from von ab desde dal anfang \
         hinweg",
    ),
    (
        Word::End,
        "end ends ende endet reiseende tripend bookingend enddatum termina fin fine fim until to bis hasta \
         ate schluss",
    ),
    (
        Word::Departure,
        "departure depart departs abreise hinreise abflug hinflug outbound salida ida partenza andata partida \
         saida aller abfahrt leaving leaves embarque reiseantritt antritt",
    ),
    (
        Word::Arrival,
        "arrival arrives anreise ankunft llegada arrivee arrivo chegada checkin entrada",
    ),
    (
        Word::Return,
        "return returns retour ritorno rientro regreso vuelta regresso volta ruckreise heimreise ruckflug \
         heimflug ruckkehr inbound checkout desembarque back",
    ),
    (
        Word::Date,
        "date dates datum daten fecha fechas data datas day dia jour giorno zeitraum period periodo periode \
         termin",
    ),
    (
        Word::Trip,
        "trip travel reise viaje voyage viaggio viagem journey urlaub holiday stay reiseende tripend \
         aufenthalt estancia soggiorno sejour estadia tour",
    ),
    (
        Word::First,
        "firstname givenname vorname prenom forename nombredepila primeironome given",
    ),
    (
        Word::Last,
        "lastname surname familyname nachname familienname zuname apellido nomdefamille cognome sobrenome \
         apelido",
    ),
    (
        Word::Name,
        "name names namen fullname nombre nom noms nome nominativo nominativi",
    ),
    (
        Word::Middle,
        "middle middlename middleinitial mittelname mittelnamen zweitname zweitnamen nomedomeio nomdumilieu",
    ),
    (
        Word::Traveller,
        "traveller traveler reisend passenger pax teilnehmer viajero viajante pasajero voyageur passager \
         viaggiatore passeggero passageiro participant partecipant participante urlauber passagier reisegast reisegaste tourist \
         attendee asistente student schuler alumno estudiante etudiant studente estudante aluno",
    ),
    (
        Word::Customer,
        "intestatario ospiti capogruppo gruppenleiter groupleader customer client guest kunde kundin gast gaste cliente huesped ospite hospede person titular buyer \
         kaufer",
    ),
    (
        Word::Somebody,
        "anmelder recipient empfanger destinatario destinataire member mitglied miembro membre membro \
         mitarbeiter employee empleado employe dipendente funcionario",
    ),
    (
        Word::Companion,
        "mitreisend companion companions begleit acompanante accompagnant accompagnateur accompagnatore \
         acompanhante",
    ),
    (
        Word::Other,
        "other additional further weitere weiterer andere zusatzliche otros otras demas autres altri altre \
         outros outras",
    ),
    (
        Word::Billing,
        "billing facturacion facturation rechnungs fatturazione faturacao",
    ),
    (
        Word::Shipping,
        "shipping delivery liefer envio livraison spedizione",
    ),
    (
        Word::Thing,
        "hotel flight flug vuelo volo airline product produkt producto produit prodotto produto lineitem item \
         agency agentur agencia agence agenzia company firma empresa societe azienda vendor supplier \
         sales verkauf card coupon room zimmer file page site shop store invoice rechnung factura \
         facture fattura fatura",
    ),
    (
        Word::Staff,
        "agent seller verkaufer salesperson sachbearbeiter vendedor vendeur venditore",
    ),
    (Word::Booker, "besteller auftraggeber booker orderer"),
    (
        Word::User,
        "user users nutzer benutzer utilisateur usuario utente utilizador utilizzatore",
    ),
    (
        Word::Booked,
        "booked gebucht reserved reserviert reserve reservado reservada prenotato prenotata ordered bestellt",
    ),
    (
        Word::Foreign,
        "birth geburt nacimiento naissance nascita nascimento dob \
         price preis precio prix prezzo preco amount betrag importe montant importo \
         valor total status estado statut stato pay payment paid bezahlt zahlung pagado paye pagato pago currency \
         wahrung moneda devise valuta moeda created erstellt creado modified updated geandert issued age \
         alter edad eta idade gender geschlecht sexo quantity menge cantidad quantite quantita quantidade qty \
         discount tax vat mwst iva sku fulfil marketing method activated activation aktiviert activacion \
         attivazione ativacao event events ereignis evento evenement package paket paquete forfait pacchetto \
         pacote plan tarif datos donnees dati dados mb gb mo go left remaining ubrig restantes since seit \
         emergency notfall destination reiseziel destino destinazione ziel expiry expires valid gultig weight \
         deadline frist fallig due scadenza echeance vencimiento vencimento optionsdatum anzahlung restzahlung \
         model modell modele modelo modello brand marke marque marca contacted kontaktiert contacte contactado contattato \
         salutation anrede title titel nationality nationalitat language sprache",
    ),
    (
        Word::FlightDate,
        "flightdate flugdatum flugtag fechadevuelo fechadelvuelo datedevol dateduvol datadelvolo datavolo datadovoo",
    ),
    (
        Word::Document,
        "passport passaporto pasaporte passeport passaporte reisepass ausweis dni idcard identitycard document documento \
         dokument traveldocument documentodeviaje documentodeviagem documentodiviaggio documentdevoyage cartedidentite \
         cartadidentita cedula cartaodecidadao bilhetedeidentidade",
    ),
    (
        Word::Address,
        "address adresse direccion indirizzo endereco morada anschrift street strasse calle rue via city \
         stadt ciudad ville citta cidade country land pais pays paese zip plz postal postcode postleitzahl \
         province region ort airport flughafen aeropuerto aeroport aeroporto terminal gate",
    ),
];
