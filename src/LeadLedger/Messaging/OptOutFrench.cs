namespace LeadLedger.Messaging;

/// <summary>French opt-out words and refusals, without accents and apostrophes as the words are compared.</summary>
internal static class OptOutFrench
{
    private const string Texts = "message|messages|texto|textos|sms|publicite|publicites|pub|pubs|notifications|alertes|spam";

    private const string Reach =
        "envoyer|menvoyer|envoyez|menvoyez|ecrire|mecrire|ecrivez|mecrivez|contacter|contactez|texter|textez|appeler|" +
        "mappeler|appelez|mappelez|deranger|derangez|harceler|harcelez|relancer|relancez|solliciter|sollicitez|embeter";

    public static OptOutVocabulary Vocabulary { get; } = new()
    {
        Stop = OptOutVocabulary.Set(
            "arret", "arreter", "arretez", "arrete", "desabonner", "desabonnement", "desinscrire", "desinscription",
            "annuler", "fin", "supprimer", "retirer", "stopper", "revoquer", "resilier"),
        MayMeanAppointment = OptOutVocabulary.Set("annuler", "fin", "resilier"),
        Help = OptOutVocabulary.Set("aide"),
        Courtesy = OptOutVocabulary.Set("sil", "vous", "te", "plait", "svp", "stp", "merci", "bonjour", "beaucoup", "maintenant"),
        Misspellings = OptOutVocabulary.Corrections("desabonner: desaboner desabonnez; messages: mesages"),
        Refusals = PhrasePattern.All(
            $"""
            arretez|arrete|arreter|cessez|cesser|stop|stoppez de|avec|les|vos|ces? me|nous|les|vos|ces? {Reach}|{Texts}
            ne|n me|nous|men|pas|plus? plus|pas|jamais? me|nous? {Reach} plus|jamais
            ne|n plus|jamais|pas me|nous? {Reach}
            ne me|nous {Reach} plus|pas
            ne mappelez|mecrivez|menvoyez|appelez|ecrivez|contactez|envoyez plus|jamais|pas
            plus de|aucun {Texts}
            pas|stop de|aux|les {Texts}
            ne? veux|souhaite|desire|voudrais plus|pas recevoir|etre|de|vos|ces _2 {Texts}|contacte|contactee|rien
            ne? souhaite|veux plus|pas etre contacte|contactee|derange|derangee
            retirez|retire|enlevez|supprimez|effacez|otez|rayez|retirer|supprimer moi|mon|mes|ce|mon numero|nom|contact|coordonnees|donnees|de?
            laissez|laisse|fichez|foutez moi|nous tranquille|tranquilles|en|la
            desabonne*|desinscri*|desabonner
            ^ mauvais|faux numero $
            ^ vous|cest|avez|etes|un|le|vous? vous|avez|le|un|faites? mauvais|faux|erreur numero|de? numero? $
            ^ pas|plus interesse|interessee|interesses $
            ^ je? ne? suis pas|plus interesse|interessee $
            nautorise|retire|revoque|donne|jamais pas|mon|donne|mon mon? consentement|autorisation|accord
            ^ ca suffit $
            cest|ceci du|est spam|harcelement
            ^ foutez|fichez|degagez|lachez
            """),
    };
}
