namespace LeadLedger.Messaging;

/// <summary>Spanish opt-out words and refusals, without accents as the words are compared.</summary>
internal static class OptOutSpanish
{
    private const string Texts =
        "mensaje|mensajes|mensajitos|texto|textos|sms|avisos|notificaciones|publicidad|promociones|anuncios|spam|whatsapp";

    private const string Send =
        "mande|mandes|manden|mandar|mandarme|mandando|mandandome|envie|envies|envien|enviar|enviarme|enviando|enviandome";

    private const string Reach =
        "escriba|escribas|escriban|escribir|escribirme|contacte|contactes|contacten|contactar|contactarme|textee|textees|" +
        "texteen|textear|textearme|moleste|molestes|molesten|molestar|molestarme|molestando|escribiendo|escribiendome|" +
        "acose|acosen|acosar";

    private const string Call = "llame|llames|llamen|llamar|llamarme|llamando|hable|hablen|hables|busque|busquen|busques";

    public static OptOutVocabulary Vocabulary { get; } = new()
    {
        Stop = OptOutVocabulary.Set(
            "alto", "baja", "parar", "pare", "paren", "para", "detener", "detenga", "cancelar", "cancele", "salir", "terminar",
            "fin", "finalizar", "no mas", "basta", "eliminar", "borrar", "remover", "darse de baja", "darme de baja",
            "dar de baja", "desuscribir", "desuscribirme", "desuscribirse", "anular", "revocar", "ya no", "alto ya"),
        MayMeanAppointment = OptOutVocabulary.Set("cancelar", "cancele", "terminar", "fin", "finalizar", "anular"),
        Help = OptOutVocabulary.Set("ayuda"),
        Courtesy = OptOutVocabulary.Set("por", "favor", "gracias", "porfavor", "porfa", "hola", "ya", "senor", "senora", "muchas"),
        Misspellings = OptOutVocabulary.Corrections(
            """
            mensajes: mensages mensjes mensaje's mensajez msjs;
            mensaje: mensage mensje msj;
            cancelar: canselar cansela cancela canselar;
            parar: parrar;
            baja: vaja;
            mande: mamde;
            quite: kite
            """),
        Innocent = PhrasePattern.All(
            """
            responda|responder|conteste|enviar|envie|mande stop para|por|y
            no quiero|quise|queria cancelar|salir|parar|darme|dar
            sin querer|error _2 stop|baja|alto
            """),
        Refusals = PhrasePattern.All(
            $"""
            no|nunca|ya|jamas me|nos vuelva|vuelvan|vuelvas|siga|sigan|sigas? a? {Send} _2 {Texts}|nada|mas
            no me|nos {Send} $
            no|nunca|jamas me|nos vuelva|vuelvan|vuelvas a? {Send}|{Reach}|{Call}
            no vuelva|vuelvan|vuelvas a {Send}|{Reach}|{Call}
            no|nunca|jamas siga|sigan|sigas {Send}|{Reach}|{Call}
            no|ya|nunca|jamas no? me|nos {Reach} !antes|despues|hoy|hasta|entre|durante|al|a|si|por|en|el|la
            no|ya|nunca|jamas no? me|nos {Reach} por favor $
            no|ya|nunca|jamas no? me|nos {Reach} a este|mi numero|telefono|celular
            no|ya|nunca|jamas no? me|nos {Call} mas|nunca|jamas|otra|de|ya|por? favor|vez|nuevo? $
            no|ya no? me|nos {Call} a este numero|telefono|celular
            no|nunca|jamas llamar|molestar|contactar|escribir mas|nunca|jamas? $
            no {Texts} $
            no mas|otro|otros {Texts}|llamadas|molestias
            no me interesa|interesan _2 {Texts}
            no|ya no? quiero|quiere|deseo|necesito|deseamos|queremos recibir|mas|sus|esos|estos|tus|ningun|que|me? _3 {Texts}|contacten|contactado|contactada|escriban|texteen|molesten|llamen
            ya? no quiero|deseo saber|recibir nada|mas
            deje|dejen|deja|pare|paren|para|parale|cese|cesen|termine|terminen|basta|suspenda|suspendan|stop|alto de|con? {Send}|{Reach}|{Call}
            deje|dejen|deja|pare|paren|basta|suspenda|suspendan|cancele|cancelen|detenga|detengan|alto con|de|los|a|estos|esos|sus|tantos|ya|mas? con|de|los|a|estos|esos|sus|tantos|mas? {Texts}
            dejeme|dejenme|dejame|dejennos|dejenos|dejar me? en? paz|tranquilo|tranquila|tranquilos|solo|sola
            me deje|dejen|dejas en? paz|tranquilo|tranquila
            quite|quiten|quita|saque|saquen|saca|borre|borren|borra|elimine|eliminen|elimina|remueva|remuevan|retire|retiren|quitar|borrar|eliminar|sacar mi numero|nombre|telefono|celular|informacion|contacto|datos|este
            quite|quiten|saque|saquen|borre|borren|elimine|eliminen|retire|retiren este|el numero|telefono|contacto de
            quiteme|quitenme|quitame|saqueme|saquenme|sacame|borreme|borrenme|borrame|elimineme|eliminenme|eliminame|remuevame|retireme|retirenme
            salir|salirme|salga de su|la|esta _1 lista
            ^ sin {Texts}
            fuera de su|la|esta|tu lista
            dar|darme|deme|denme|dame|darnos|darse|den de baja
            quiero|deseo|favor|como|solicito|pido la|mi|una|darme|de|salir|salirme baja|lista
            desuscrib*|desinscrib*|desubscrib*
            cancelar|cancele|cancelen|cancela|anular|anule la|mi|esta|los|estos|sus? suscripcion|{Texts}
            ^ numero|telefono|persona equivocado|equivocada|incorrecto|incorrecta $
            ^ se|esta|tiene|tienen|es|este? equivoco|equivocado|equivocada|equivocaron|el|numero de? numero|persona|equivocado|equivocada? $
            ^ tiene|tienen|es|este|esta|el|un|es? tiene|tienen|es|este|esta|el|un? numero equivocado|incorrecto $
            ^ ya? no me? estoy|interesa interesado|interesada|interesados? $
            no doy|di|autorizo|autorice|consiento|acepto|acepte|he|pedi|solicite|tienen|tiene mi|dado|recibir|estos|sus|autorizado? _2 permiso|consentimiento|autorizacion|{Texts}
            retiro|revoco|cancelo mi|el consentimiento|permiso|autorizacion
            esto|es|eso es? spam|acoso
            los|lo|voy voy? a? a reportar|denunciar|demandar
            ^ spam $
            ^ ya? basta|suficiente|alto ya|con|de|esto|eso? esto|eso? $
            harto|harta|cansado|cansada de _3 {Texts}
            no molestar|moleste|molesten|molestes
            bloquear|bloqueo|bloqueare|bloqueado este|su|los|el numero?
            ^ ya? dejen|deje|deja eso|de? $
            dije|dicho|pedi|pedido que|alto _2 paren|pare|alto|no|dejen
            stop|pare|paren {Texts}
            no {Send}|{Reach}|{Call} mas|nunca|jamas
            no contacten|contactar|contacto|contacte
            ^ larguese|vayase|fuera|chinga*|callese|callense
            """),
    };
}
