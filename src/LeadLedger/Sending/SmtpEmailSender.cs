using System.Net;
using System.Net.Mail;

namespace LeadLedger.Sending;

/// <summary>
/// Mail over SMTP by SMTP_URL, such as <c>smtp://user:password@mail.example.com:587?from=alerts@example.com</c>; STARTTLS unless
/// <c>tls=off</c>. Without it mail is recorded, not sent.
/// </summary>
public sealed class SmtpEmailSender(Uri? server, CallDeadline callDeadline) : IEmailSender
{
    public bool IsLive => server is not null;

    public async Task<SendResult> SendAsync(EmailMessage message, CancellationToken cancellation)
    {
        if (server is null)
        {
            return new SendResult.Accepted("recorded") { RecordedOnly = true };
        }

        var settings = System.Web.HttpUtility.ParseQueryString(server.Query);
        using var client = new SmtpClient(server.Host, server.Port > 0 ? server.Port : 587)
        {
            EnableSsl = settings["tls"] != "off",
        };
        if (server.UserInfo is { Length: > 0 } user)
        {
            var parts = user.Split(':', 2);
            client.Credentials = new NetworkCredential(
                Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
        }

        using var deadline = callDeadline.Start(cancellation);
        try
        {
            using var mail = new MailMessage(settings["from"] ?? $"leadledger@{server.Host}", message.To)
            {
                Subject = message.Subject,
                Body = message.Body,
            };
            mail.Headers.Add("Message-ID", $"<{message.MessageId}>");
            await client.SendMailAsync(mail, deadline.Token);
            return new SendResult.Accepted(message.MessageId);
        }
        catch (SmtpException exception)
        {
            // 5xx is final; a 4xx or a lost connection may be tried again: the message id lets mailboxes drop a second copy.
            return (int)exception.StatusCode is >= 500 and < 600
                ? new SendResult.Refused(((int)exception.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture), "the mail server refused the message")
                : new SendResult.NotSent("the mail server could not take the message");
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            return new SendResult.Refused(null, "the mail address is not one");
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or InvalidOperationException)
        {
            return new SendResult.NotSent("the mail server did not answer in time");
        }
    }
}
