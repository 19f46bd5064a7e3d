namespace LeadLedger.Messaging;

/// <summary>
/// What a text to a lead must not say, English and Spanish, as data. A variable counts as the word of its name, so
/// that <c>within {{window}}</c> is not a literal promise.
/// </summary>
internal static class LintPhrases
{
    private const string Numbers =
        "0*|1*|2*|3*|4*|5*|6*|7*|8*|9*|one|two|three|five|ten|fifteen|twenty|thirty|forty|sixty|ninety|few|couple|un|una|dos|" +
        "tres|cinco|diez|quince|veinte|treinta|sesenta|half|pocos|unos|media";

    private const string Units =
        "second|seconds|sec|secs|minute|minutes|min|mins|hour|hours|hr|hrs|day|days|minuto|minutos|hora|horas|dia|dias|segundos";

    /// <summary>A past conversation (ACK-05).</summary>
    public static IReadOnlyList<PhrasePattern> PastConversation { get; } = PhrasePattern.All(
        """
        great|good|nice|lovely|pleasure|enjoyed to? talking|speaking|chatting|connecting|meeting|talk|speak|chat
        pleasure|nice|great|good to? have? spoken|talked|met|talk|speak
        thanks|thank you? for talking|speaking|chatting|meeting
        as we? discussed|talked|mentioned|agreed|promised
        we|you|i discussed|spoke|talked|chatted|agreed
        you spoke|talked with|to
        when|after|since we|you last? spoke|talked|met|chatted
        after|from|during|about|continuing|on|per our last|recent|phone|earlier? conversation|chat|talk|discussion|call
        follow|following up on|to our
        like|as i said|mentioned|promised
        our conversation|discussion|chat
        como|segun hablamos|acordamos|comentamos|platicamos|conversamos
        gusto hablar|platicar|conversar
        nuestra conversacion|platica|charla|llamada
        """);

    /// <summary>A time typed by hand (C-01, ACK-06).</summary>
    public static IReadOnlyList<PhrasePattern> TimePromise { get; } = PhrasePattern.All(
        $"""
        {Numbers} of? {Units} !slot|slots|appointment|appointments|visit|visits|call|calls|survey|inspection|consultation|meeting
        a|an minute|hour|second|moment
        within|in the|an|a hour|minute|day
        by|before noon|midnight
        by|before 0*|1*|2*|3*|4*|5*|6*|7*|8*|9* am|pm|oclock
        right|straight away|now !open|closed
        immediately|instantly|momentarily|inmediatamente|enseguida
        de inmediato
        en seguida|breve
        ahora mismo
        same day
        24 7
        around the clock
        will|well|shall|gonna _6 today|tonight|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday
        we|someone|somebody|team|person calls|contacts|answers|replies|returns|responds|call|contact|answer|reply|return|respond _5 today|tonight|tomorrow
        llamaremos|contactaremos|responderemos|llamamos _3 hoy|manana
        """);

    /// <summary>Vague haste: no promise, yet read as one.</summary>
    public static IReadOnlyList<PhrasePattern> VagueTime { get; } = PhrasePattern.All(
        """
        shortly
        soon
        as soon as
        asap
        quickly
        pronto
        lo antes posible
        """);

    /// <summary>What the staff are doing at this moment (C-25).</summary>
    public static IReadOnlyList<PhrasePattern> UnverifiableClaim { get; } = PhrasePattern.All(
        """
        on|with another|other call|line|customer|client|patient|phone
        helping|assisting|serving|seeing|treating another|other|a|our customer|customers|client|clients|patient|patients
        crew|crews|team|teams|staff|everyone|everybody|technician|technicians|technicians|roofers|doctor|dentist|hygienist|we|were is|are|all? out|on|at|with|currently|busy|working|helping|reviewing|looking|driving|tied
        crew|team|staff|someone|somebody|technician|person is|are currently|now|already
        is|are|were|team|crew|guys|everyone|all _1 on a|the|our roof|roofs|job|jobs|jobsite|site|ladder|road
        with a patient|client|customer
        in a meeting|procedure|surgery
        lines|line _3 busy
        all|our lines|agents|representatives are
        on our|the|their way
        tied up
        right now|currently _3 with|on|at|helping|working
        estamos|estan|esta atendiendo|ocupados|ayudando|trabajando|con|en
        nuestro|nuestros equipo|tecnicos esta|estan
        lineas _2 ocupadas
        """);

    /// <summary>Advertising inside a transactional or service text (CON-16).</summary>
    public static IReadOnlyList<PhrasePattern> Promotion { get; } = PhrasePattern.All(
        """
        <feel|toll|sintase free !of
        discount|discounts|discounted|coupon|coupons|promo|promos|promotion|promotions|promotional
        offer|offers|offering|offered
        deal|deals|bargain|bargains
        sale|savings|clearance|giveaway|prize|bonus|rebate|rebates|voucher|cashback
        save !this|our|the|my|your
        special|specials
        gift
        limited time|offer|spots
        today only
        act now|fast
        no obligation|cost
        complimentary
        best price|prices|rates
        lowest
        financing
        gratis|descuento|descuentos|oferta|ofertas|cupon|cupones|promocion|promociones|rebaja|rebajas|regalo
        sin costo|compromiso
        """);

    /// <summary>Selling a service instead of answering (C-08).</summary>
    public static IReadOnlyList<PhrasePattern> Marketing { get; } = PhrasePattern.All(
        """
        storm|storms|hail|hailstorm|tornado|hurricane|weather
        inspection|inspections|checkup|evaluation
        free|schedule|book|claim|reserve|get your|a|an|yours _2 inspection|estimate|quote|appointment|consultation|cleaning|checkup|treatment
        tormenta|granizo|huracan|inspeccion|inspecciones|presupuesto|cotizacion
        """);

    /// <summary>A customer relationship, which in healthcare is a patient relationship (C-24).</summary>
    public static IReadOnlyList<PhrasePattern> PriorCustomer { get; } = PhrasePattern.All(
        """
        welcome back
        returning|existing|loyal|valued|longtime|previous|prior|past customer|client|patient|member|guest
        our customer|client|patient|customers|clients|patients
        last|previous|next|upcoming|recent visit|appointment|treatment|procedure|cleaning|exam
        since you|your last|were
        your file|chart|records|treatment|history|doctor|dentist|hygienist|provider
        our records
        see|seeing|hear|hearing|help|helping|serve|serving|welcome|visit _3 again
        see you
        as a|our patient|customer|client
        nuestro|nuestra|nuestros cliente|paciente|clientes|pacientes
        verle|verlo|verla|atenderle|recibirle|ayudarle de|otra nuevo|vez
        su ultima|proxima|expediente|historial
        """);

    /// <summary>Thanks for a visit: allowed, though it tells a stranger who reads the phone that there was one.</summary>
    public static IReadOnlyList<PhrasePattern> Visit { get; } = PhrasePattern.All(
        """
        your|su visit|visita|appointment|cita
        for visiting|coming
        """);

    /// <summary>YES is an opt-in word of the provider (C-09).</summary>
    public static IReadOnlyList<PhrasePattern> ReplyYes { get; } = PhrasePattern.All(
        """
        reply|text|respond|answer|send|say|type with|back? yes
        responda|responde|conteste|envie con|un? si
        """);

    /// <summary>Names other than the business's own (C-36).</summary>
    public static IReadOnlyList<PhrasePattern> SenderName { get; } = PhrasePattern.All(
        """
        leadledger
        lead ledger
        twilio|gohighlevel|highlevel|leadconnector|callrail|openphone|ringcentral|calendly|typeform|podium|hatch|telnyx|vonage|birdeye|servicetitan|housecall|jobber
        powered|sent by
        automated|virtual|ai|digital assistant|agent|bot|receptionist
        chatbot
        """);
}
