using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace LocalCloud.Azure.Blob;

/// <summary>The blob service's documents.</summary>
internal static class BlobXml
{
    // The prefix asked for comes back as it was given; what is listed is encoded where XML can't hold it.
    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(false),
        CheckCharacters = false,
        NewLineHandling = NewLineHandling.Entitize,
    };

    public static async Task SendAsync(BlobCall call, string root, Action<XmlWriter> write)
    {
        using var buffer = new MemoryStream(1024);
        using (var xml = XmlWriter.Create(buffer, Settings))
        {
            xml.WriteStartElement(root);
            write(xml);
            xml.WriteEndElement();
        }

        await SendAsync(call.Azure, 200, buffer);
    }

    /// <summary>The answer to HEAD has no body: its error is a status and a header.</summary>
    public static async Task SendProblemAsync(AzureCall call, AzureProblem problem, DateTimeOffset now)
    {
        call.Response.Headers["x-ms-error-code"] = problem.Code;
        if (call.Method == "HEAD" || problem.Status == 304)
        {
            call.Response.StatusCode = problem.Status;
            return;
        }

        using var buffer = new MemoryStream(512);
        using (var xml = XmlWriter.Create(buffer, Settings))
        {
            xml.WriteStartElement("Error");
            xml.WriteElementString("Code", problem.Code);
            xml.WriteElementString("Message",
                $"{problem.Message}\nRequestId:{call.RequestId}\nTime:{StampClock.Text(now.UtcTicks)}");
            foreach (var (name, value) in problem.Details)
            {
                xml.WriteElementString(name, value);
            }

            xml.WriteEndElement();
        }

        await SendAsync(call, problem.Status, buffer);
    }

    public static async Task<XElement> ReadAsync(BlobCall call)
    {
        var bytes = await call.Azure.ReadSmallAsync();
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            return XElement.Load(reader);
        }
        catch (XmlException)
        {
            throw BlobProblems.InvalidXml();
        }
    }

    public static string Date(DateTimeOffset time) => time.ToString("R", CultureInfo.InvariantCulture);

    private static async Task SendAsync(AzureCall call, int status, MemoryStream buffer)
    {
        call.Response.StatusCode = status;
        call.Response.ContentType = "application/xml";
        call.Response.ContentLength = buffer.Length;
        await call.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), call.Cancellation);
    }
}
