using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace LeadLedger.Intake;

/// <summary>
/// A form post as decoded pairs in the order they were sent. Reading never throws: what cannot be read is told by
/// <see cref="Error"/>, and the pairs read up to there are kept.
/// </summary>
public sealed record FormBody
{
    /// <summary>
    /// Bytes of one multipart field that are read; longer fields are an error, not a truncation.
    /// </summary>
    private const int MaxFieldBytes = 1024 * 1024;

    public IReadOnlyList<KeyValuePair<string, string>> Pairs { get; init; } = [];

    /// <summary>Uploaded files by field; their content is not read.</summary>
    public IReadOnlyList<UploadedFile> Files { get; init; } = [];

    /// <summary>Why the body could not be read to its end, as a sentence; null when it was.</summary>
    public string? Error { get; init; }

    public static FormBody Read(ReadOnlyMemory<byte> body, string? contentType)
    {
        var media = MediaType.Read(contentType);
        if (media.IsMultipart)
        {
            return ReadMultipart(body, media.Boundary);
        }

        if (!media.IsForm)
        {
            return new() { Error = "The content type is not a form." };
        }

        // The estimate spares the list its growth: providers send about one pair per 40 bytes.
        var pairs = new List<KeyValuePair<string, string>>(Math.Min((body.Length / 32) + 4, 64));
        var complete = UrlEncoded.TryRead(body.Span, media.FormEncoding(), pairs);
        return new() { Pairs = pairs, Error = complete ? null : TooMany };
    }

    private static string TooMany { get; } = $"The form has more than {UrlEncoded.MaxPairs} fields.";

    private static FormBody ReadMultipart(ReadOnlyMemory<byte> body, string? boundary)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        var files = new List<UploadedFile>();
        string? error;
        try
        {
            error = string.IsNullOrEmpty(boundary) || boundary.Length > 200
                ? "The multipart body names no usable boundary."
                : ReadSections(body, boundary, pairs, files);
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException or ArgumentException
            or FormatException or InvalidOperationException)
        {
            error = "The multipart body is malformed or ends too early.";
        }

        return new() { Pairs = pairs, Files = files, Error = error };
    }

    private static string? ReadSections(
        ReadOnlyMemory<byte> body,
        string boundary,
        List<KeyValuePair<string, string>> pairs,
        List<UploadedFile> files)
    {
        using var stream = new MemoryStream(body.ToArray(), writable: false);
        var reader = new MultipartReader(boundary, stream);
        var buffer = new byte[4096];

        // The stream is memory, so every read is finished when it returns and nothing blocks.
        while (reader.ReadNextSectionAsync().GetAwaiter().GetResult() is { } section)
        {
            if (pairs.Count + files.Count == UrlEncoded.MaxPairs)
            {
                return TooMany;
            }

            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
            {
                return "A part of the multipart body has no readable name.";
            }

            var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
            var isFile = disposition.IsFileDisposition();
            using var content = new MemoryStream();
            var length = 0L;
            int read;
            while ((read = section.Body.Read(buffer, 0, buffer.Length)) > 0)
            {
                length += read;
                if (isFile)
                {
                    continue;
                }

                if (length > MaxFieldBytes)
                {
                    return $"A form field is longer than {MaxFieldBytes} bytes.";
                }

                content.Write(buffer, 0, read);
            }

            if (isFile)
            {
                var fileName = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue
                    ? disposition.FileNameStar
                    : disposition.FileName).ToString();
                files.Add(new(name, SafeText.Line(fileName, 200), length));
                continue;
            }

            var encoding = MediaType.Read(section.ContentType).FormEncoding();
            pairs.Add(new(name, encoding.GetString(content.GetBuffer(), 0, (int)content.Length)));
        }

        return null;
    }
}

/// <summary>A file part of a multipart form.</summary>
/// <param name="Field">Name of the form field.</param>
/// <param name="FileName">As the browser sent it, cut to 200 characters.</param>
/// <param name="Length">Bytes.</param>
public sealed record UploadedFile(string Field, string FileName, long Length);
