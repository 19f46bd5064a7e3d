namespace LeadLedger.Messaging;

/// <summary>
/// Spanish texts, worded without the accented letters that GSM-7 lacks, so that they cost what the English ones cost.
/// </summary>
internal static class ShippedSpanishTemplates
{
    public static Template[] All() =>
    [
        new()
        {
            Id = "ack-default-es",
            Version = 1,
            Class = TemplateClass.Transactional,
            Locale = "es",
            MaxSegments = 2,
            Text = "Hola {{first_name}}, gracias por llamar a {{business_name}}. Registramos su llamada y una " +
                "persona va a revisarla {{window}}. Responda para agregar o corregir algo. Si es urgente: {{urgent_route}}.",
            NamelessText = "Gracias por llamar a {{business_name}}. Registramos su llamada {{called_at}} y una persona va a " +
                "revisarla {{window}}. Responda para agregar o corregir algo. Si es urgente: {{urgent_route}}.",
        },
        new()
        {
            Id = "ack-ask-time-es",
            Version = 1,
            Class = TemplateClass.Transactional,
            Locale = "es",
            Text = "{{business_name}}: perdone, no pudimos contestar. ¿Qué necesita y qué hora de hoy le conviene?",
        },
        new()
        {
            Id = "ack-prior-customer-es",
            Version = 1,
            Class = TemplateClass.Transactional,
            Use = TemplateUse.PriorCustomer,
            Locale = "es",
            MaxSegments = 2,
            Text = "Hola {{first_name}}, le escribe {{business_name}}. No pudimos contestar su llamada y, como es nuestro " +
                "cliente, la marcamos como prioridad. ¿Qué hora de hoy le conviene para hablar?",
            NamelessText = "Le escribe {{business_name}}. No pudimos contestar su llamada y la marcamos como prioridad. " +
                "¿Qué hora de hoy le conviene para hablar?",
        },
        new()
        {
            Id = "ack-window-number-es",
            Version = 1,
            Class = TemplateClass.Transactional,
            Locale = "es",
            MaxSegments = 2,
            Text = "Hola {{first_name}}, le escribe {{business_name}}. No pudimos contestar su llamada. " +
                "Le contactaremos {{window}}. Si es urgente, llame al {{number}}.",
            NamelessText = "Le escribe {{business_name}}. No pudimos contestar su llamada {{called_at}}. " +
                "Le contactaremos {{window}}. Si es urgente, llame al {{number}}.",
        },
        new()
        {
            Id = "ack-form-es",
            Version = 1,
            Class = TemplateClass.Transactional,
            Locale = "es",
            MaxSegments = 2,
            Text = "Hola {{first_name}}, {{business_name}} tiene su solicitud. Una persona va a leerla y le contacta {{window}}. " +
                "Responda para agregar o corregir algo. Si es urgente: {{urgent_route}}.",
            NamelessText = "{{business_name}} tiene su solicitud. Una persona va a leerla y le contacta {{window}}. " +
                "Responda para agregar o corregir algo. Si es urgente: {{urgent_route}}.",
        },
        new()
        {
            Id = "opt-out-confirmation-es",
            Version = 1,
            Class = TemplateClass.Transactional,
            Use = TemplateUse.OptOutConfirmation,
            Locale = "es",
            OptOutLine = false,
            Text = "{{business_name}}: su baja queda hecha y no le mandaremos otros mensajes. Responda START para anularla.",
        },
        new()
        {
            Id = "opt-out-confirmation-appointment-es",
            Version = 1,
            Class = TemplateClass.Transactional,
            Use = TemplateUse.OptOutConfirmation,
            Locale = "es",
            OptOutLine = false,
            MaxSegments = 2,
            Text = "{{business_name}}: su baja queda hecha y no le mandaremos otros mensajes. " +
                "Si hablaba de una cita, llame al {{number}}. Responda START para anular la baja.",
        },
        new()
        {
            Id = "help-es",
            Version = 1,
            Class = TemplateClass.Transactional,
            Use = TemplateUse.Help,
            Locale = "es",
            OptOutLine = false,
            MaxSegments = 2,
            Text = "{{business_name}}: recibe mensajes porque se puso en contacto. Para ayuda llame al {{number}}. " +
                "Pueden aplicarse tarifas de mensajes y datos. Responda STOP para salir.",
        },
        new()
        {
            Id = "second-touch-es",
            Version = 1,
            Class = TemplateClass.Service,
            Use = TemplateUse.FollowUp,
            Locale = "es",
            MaxSegments = 2,
            Text = "Le escribe {{business_name}}. Para elegir cuando le llamamos: {{booking_link}} o responda con su hora preferida.",
        },
        new()
        {
            Id = "qualifying-question-es",
            Version = 1,
            Class = TemplateClass.Service,
            Use = TemplateUse.FollowUp,
            Locale = "es",
            MaxSegments = 2,
            Text = "Gracias, {{first_name}}. Una pregunta antes de que le llame {{business_name}}: ¿qué necesita y para qué fecha?",
            NamelessText = "Gracias. Una pregunta antes de que le llame {{business_name}}: ¿qué necesita y para qué fecha?",
        },
    ];
}
