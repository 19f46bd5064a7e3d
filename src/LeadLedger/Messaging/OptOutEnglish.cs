namespace LeadLedger.Messaging;

/// <summary>English opt-out words (P-09) and refusals; the French and Spanish words of P-09's baseline apply everywhere.</summary>
internal static class OptOutEnglish
{
    private const string Not = "<dont|not|never|wont|cant|cannot|didnt|doesnt|isnt|couldnt|wouldnt|hasnt|will|well|ill|non|nor|bus|pit|truck";

    private const string Texting =
        "texting|messaging|contacting|calling|bothering|spamming|harassing|emailing|writing|bugging|pestering|" +
        "annoying|msging|soliciting|pinging|disturbing|stalking";

    private const string Texts =
        "text|texts|message|messages|msg|msgs|sms|texting|messaging|notification|notifications|spam|" +
        "communication|communications|solicitation|solicitations|reminders|promos|promotions|ads|marketing|" +
        "advertising|texted|messaged|contacted|spammed|solicited|bothered";

    private const string Condition =
        "!before|after|until|till|at|during|on|while|between|about|in|yet|if|unless|today|tonight|right|back|by|for|when|the";

    public static OptOutVocabulary Vocabulary { get; } = new()
    {
        Stop = OptOutVocabulary.Set(
            "stop", "stopall", "stop all", "unsubscribe", "end", "quit", "revoke", "optout", "opt out", "cancel",
            "arret", "remove", "td"),
        MayMeanAppointment = OptOutVocabulary.Set("cancel", "end", "quit"),
        Help = OptOutVocabulary.Set("help", "info"),
        Courtesy = OptOutVocabulary.Set(
            "please", "pls", "plz", "plse", "plez", "kindly", "thanks", "thank", "you", "u", "thx", "thnx", "tks", "ty", "sir",
            "maam", "ok", "okay", "hi", "hello", "hey", "now", "immediately", "asap"),
        Misspellings = OptOutVocabulary.Corrections(
            """
            stop: stpo sotp tsop stopp sttop stoop stp st0p 5top s7op stob stip stoo stopo sstop stopt stooop ztop dtop atop;
            unsubscribe: unsub unsuscribe unsubcribe unsubsribe unsubscibe unsubscrib unsubscride unsubscripe unsubscrbe
                unsubscribed unsubscribing unsubscribeme unscribe unscubscribe unsubscirbe unsbuscribe unsubscrieb
                unsusbcribe onsubscribe insubscribe desubscribe unsubs;
            cancel: cancle cancell cancal canel;
            quit: qiut qit quitt;
            end: edn;
            remove: remoe remov romove remvoe;
            optout: optuot otpout opout;
            revoke: revok;
            texting: txting texing txtng textin texitng txtin;
            text: txt txet;
            texts: txts textes;
            messaging: messeging mesaging msging messagin;
            message: messege mesage mssg massage messge;
            messages: messeges mesages massages mssgs messges msges;
            contact: contct conact contat;
            dont: donot dnt;
            leave: leve;
            please: plese pleas
            """),
        Innocent = PhrasePattern.All(
            """
            # Our own opt-out line, quoted or asked about
            reply|text|send|says|said|say|responding|replying with? stop to opt out
            reply|replying|text|texting|typing|sending stop to
            # Wants to be texted after all
            didnt mean|meant|intend|want to text|reply|say|send|type|hit|press? stop|unsubscribe|opt|cancel _1
            did|do not mean|intend|want to text|reply|say|send|type|hit|press? stop|unsubscribe|opt|cancel _1
            dont want|mean to text|reply|say|send|type|hit|press? stop|unsubscribe|opt|cancel _1
            accidentally|accident|mistakenly|mistake _3 stop|unsubscribe*|opt|opted|cancel _1
            """),
        Refusals = PhrasePattern.All(
            $"""
            {Not} stop|quit|cease|halt|discontinue with? the? all? {Texting} !around|other|others
            {Not} stop|quit|cease|halt|end|discontinue|cancel with? all? of? the|these|those|this|your|any|you? more|further|automated|auto|constant|annoying|damn? {Texts} !reader
            {Not} stop|quit|end|cancel my? text|sms|message? subscription|subscriptions|alerts
            {Not} stop|quit|cease|halt|end all|any|further? contact|communication|communications|contacts|correspondence
            ^ !bus|truck|full|pit|last|first|next|door|gutter|the|a|to|i|will|should _1 {Not}|the|a|to|full|last|next stop $
            ^ stop or|before i|ill|im|we
            you|yall|u|they|why|who _2 keep|keeps|kept|still|constantly|always texting|messaging|spamming|bothering|text|message|contacting me|us|my|this
            report|reporting|reported this|your|the|ur number|company|business
            attorney|lawyer|sue|suing|lawsuit|legal|police|illegal _6 texts|texting|messages|texted
            text|message|contact me|us again and|or|ill|i|one|once
            not|arent|isnt|never|no|nobody authorized|allowed|permitted|welcome|wanted|agreed to? text|texts|contact|message|messages|call|send|texting
            {Texts} me|us? is|are not|unwanted allowed|permitted|welcome|wanted|authorized|ok|appreciated
            i|already|ive|have|we|been|be opted out !of
            opt me|us|this|my|number|phone|our cell|number|phone|family|wife|husband? out
            get|stay|keep off|out of? my phone|cell|line|inbox|messages
            nobody|noone|one|who|i asked|signed|wants|wanted|requested|ordered _2 texts|messages|texting|texted !back|from
            dont|not|never reply|respond|write|reach|talk out? to? me|us anymore|again|ever
            dont|not|never use my|this number|phone|cell
            dont|not|never accept|do|allow|appreciate|like|want|welcome unsolicited|any|these|business|spam? text|texts|texting|messages|sms
            no more of? this|these|it|those $
            not to? be|get texted|messaged|contacted|bothered|solicited
            you|yall|u stopped {Texting}
            no need to? text|message|contact|write|keep|continue me|us|texting|messaging|contacting? again|anymore|any|further|texting|messaging
            this|thats|its|is is|harassing? harassment|harassing
            lose|forget|delete my|this $
            ^ do|dont not? want $
            <you|they|we|i|if|why dont|never text|message back
            no more|further {Texts}
            no more|further contact|calls|correspondence
            ^ stop $
            {Not} stop sending these|those|this|them? $
            {Not} stop|quit receiving|getting|with _2 {Texts}|these
            make|get|have these|those|your|the|this _2 {Texts} stop
            refrain|desist from {Texting}
            you|youre|your|yall|are bothering|harassing|annoying|spamming|stalking me|us
            dont|not call|text|message|email|contact or|and|nor call|text|message|email|contact !before|after|until|at|if
            no more of? these|this|your? {Texts}
            no more $
            <you|they|why|if|he|she|who|guys|people dont|never ever|even|please|dare? text|message|msg|sms|contact|bother|spam|solicit|disturb|pester|harass|texting me|us|this|my|anymore|again|any|here|anything {Condition}
            do|to|please|and|you not ever|even|please? text|message|msg|sms|contact|bother|spam|solicit|disturb|pester|harass|texting me|us|this|my|anymore|again|any|here {Condition}
            dont|never|not ever? call|phone|ring|email|write|texting|text|message|contact|msg me|us|my|this? cell|phone|number|house|line|here|back? again|anymore|ever
            dont|never ever? call|text|message|contact|msg|bother|sms me|us? $
            do not ever? call|text|message|contact|msg|bother|sms me|us? $
            dont|not any more text|texts|message|messages
            quit|stop blowing|hitting|lighting up? my|me
            <i|they|we|you|doesnt|didnt dont|not|never|stop|quit send|sending me|us|out|anyone? any|anymore|more|these|those|your|this|further|another|no|all? any|more|of|these|text? {Texts}
            stop|quit sending me|us|stuff|things|anything|crap|junk|shit
            dont|not|never send me|us anymore|anything|more|again|stuff|crap|junk|shit
            remove|delete|erase|drop|strike|scrub|removing me|us {Condition}
            remove|delete|erase|drop|take|lose|forget|scrub|strike|get|removed|removing|pull me|us|my|this|our|the cell|phone|mobile? number|numbers|info|information|name|contact|data|cell? from|off|out !hold|speaker|work
            remove|delete|erase|lose|forget|block my|this|our cell|phone|mobile|contact? number|info|information|contact|data
            remove|delete|erase number $
            take|get me|us off !hold|speaker|work
            take|get|keep me|us|my|this number|name|phone? off|from|out of? _1 list|lists|system|database|contacts|roster|rotation|texts
            off your|the|this|that text|texting|mailing|contact|call|calling|sms|phone|marketing|message|messaging? list|lists|database
            from|out|leave|of your|this text|texting|mailing|contact|call|calling|sms|phone|marketing|message|messaging? list|lists|database
            remove from _2 list|lists|database
            want|like|need|wanna to? off|out of? your|this|the|these _2 list|texts|messages|thing
            opt me|us|this|my|number out
            opting out
            want|wish|like|choose|choosing|need|trying|try|going to opt out
            opt out $
            opt out of _3 {Texts}|this|these|everything|all|list
            ^ i? opt|opted out
            ^ im? out of this|here|your _1 $
            leave me|us|my _2 alone
            leave alone $
            ^ go away $
            ^ get lost $
            ^ buzz|back|bug|fuck|f|eff|piss|bugger|screw|sod|shove off|you|u|yourself $
            unsubscribe
            dont|doesnt|not|longer|never want|wants|wish|wishes|need|needs|like|wanna|care|interested _4 !miss {Texts}
            dont|not|longer|never want|wish|care|need to? hear|hearing _1 from you|u|yall|anyone|your
            dont|not|longer want|need this|these|those anymore? $
            dont|not|longer want|wish to? be|get|receive|receiving _2 {Texts}|list|anything
            not|no|isnt|arent longer? interested in? anymore? $
            not|no|isnt|arent|never interested in|dont stop|leave|please|quit|remove
            ^ i? think|guess|believe? you|u|youve|this|its|that|thats? have|got|has|is|are|texted|called|texting|calling|reached|gotten? the|a|an? wrong number|person|guy|phone|numbers buddy|man|dude|bro? $
            ^ not|isnt|no my|his|her|longer number $
            revoke|withdraw|revoking|withdrawing|rescind|withdrawn|revoked|pull|take my|all|any|back? consent|permission|authorization
            consent|permission is|has|been? been? revoked|withdrawn
            dont|not|no|without have my|any|the? consent|permission|authorization to|for _2 text|contact|message|call|me
            no|without my? consent|permission to|for? text|contact|message|be? $
            never|not|didnt|dont gave|give|given|consent|consented|agree|agreed|authorize|authorized|ask|asked|request|requested _4 {Texts}
            never|not|didnt|dont sign|signed|subscribe|subscribed|opt|opted|enroll|enrolled up|in? for|to this|these|your|any|texts|messages|it
            do|not|dont|no|donot call|contact|text list|registry
            dnc
            ^ spam $
            this|thats|its|this|you|these is|are? just|pure|all|straight? spam|spammer|spammers|spamming
            report|reporting|reported _3 spam|fcc|ftc|junk|carrier|harassment
            enough of|with? the|these|your|this _1 {Texts}
            ^ enough|thats|is? already|enough $
            ^ stop|quit it|this|that|already|everything|doing|immediately|right|these _2 $
            ^ knock|cut it|that off|out $
            said|told|asked|tell|ask|begging|repeat|mean|meant _4 to? please? stop|quit $
            ^ you|u|i|we|guys|people need|have|must|should|better|want|would|like _2 to? please? stop $
            ^ can|could|would|will you|u|yall|we please|pls|just? stop $
            just|please|pls|fucking|freaking|damn stop $
            ^ stop you|u|this|it|i|im|im|my|we|who|wrong|not|no|dont|fuck|damn|asshole|jerk|man|dude|bro|spam* !by|for|over|and|still
            block|blocked|blocking you|u|yall|your this|number? {Condition}
            block|blocked|blocking this|your|ur number
            ^ no|zero texts|text|messages|texting|messaging|sms|msgs|contact|communication messages|msgs|please? please? $
            cease and desist
            done|sick|tired|fed|annoyed of|with|by|up _3 texts|messages|texting|messaging|spam
            turn|shut|switch off _2 texts|messages|notifications|texting
            dont|do not? want|wish to? talk|speak|communicate with|to you
            lose|forget|delete|throw|trash away|out? my|this number
            quit it $
            shut up $
            ^ i? want|wanna out $
            please|pls discontinue
            discontinue these|this|all|the|service|texts|messages
            ^ end this|these|the|all conversation|texts|messages|chat|thread
            """),
    };
}
