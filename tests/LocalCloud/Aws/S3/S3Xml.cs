using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace LocalCloud.Aws.S3;

/// <summary>S3's documents: written in its name space, read with or without one.</summary>
internal static class S3Xml
{
    public const string Space = "http://s3.amazonaws.com/doc/2006-03-01/";

    private const int MaxDocument = 2 << 20;

    // Keys may hold control characters; S3 writes them as character references, which a checking writer refuses.
    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(false),
        CheckCharacters = false,
        NewLineHandling = NewLineHandling.Entitize,
    };

    public static async Task SendAsync(S3Call call, string root, Action<XmlWriter> write)
    {
        using var buffer = new MemoryStream(1024);
        using (var xml = XmlWriter.Create(buffer, Settings))
        {
            xml.WriteStartElement(root, Space);
            write(xml);
            xml.WriteEndElement();
        }

        await SendAsync(call.Aws, 200, buffer);
    }

    public static Task SendEmptyAsync(S3Call call, int status = 200)
    {
        call.Aws.Response.StatusCode = status;
        Stamp(call.Aws);
        if (status != 204)
        {
            call.Aws.Response.ContentLength = 0;
        }

        return Task.CompletedTask;
    }

    public static async Task SendTextAsync(S3Call call, string text, string contentType)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Stamp(call.Aws);
        call.Aws.Response.ContentType = contentType;
        call.Aws.Response.ContentLength = bytes.Length;
        await call.Aws.Response.Body.WriteAsync(bytes, call.Cancellation);
    }

    /// <summary>The answer to HEAD has no body, so its error is only a status.</summary>
    public static async Task SendProblemAsync(AwsCall call, AwsProblem problem)
    {
        if (call.Request.Method == "HEAD" || problem.Status == 304)
        {
            call.Response.StatusCode = problem.Status;
            Stamp(call);
            return;
        }

        using var buffer = new MemoryStream(512);
        using (var xml = XmlWriter.Create(buffer, Settings))
        {
            xml.WriteStartElement("Error");
            xml.WriteElementString("Code", problem.Code);
            xml.WriteElementString("Message", problem.Message);
            if (problem.Detail is { } detail)
            {
                xml.WriteElementString(detail.Name, detail.Value);
            }

            xml.WriteElementString("Resource", "/" + call.Bucket + (call.Key is null ? "" : "/" + call.Key));
            xml.WriteElementString("RequestId", call.RequestId);
            xml.WriteElementString("HostId", "localcloud");
            xml.WriteEndElement();
        }

        await SendAsync(call, problem.Under200 ? 200 : problem.Status, buffer);
    }

    public static async Task<(XElement Root, string Text)> ReadAsync(S3Call call)
    {
        var bytes = await new BodyReader(call).ReadAllAsync(MaxDocument);
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            var root = XElement.Load(reader);
            return (root, Encoding.UTF8.GetString(bytes));
        }
        catch (XmlException)
        {
            throw S3Problems.MalformedXml();
        }
    }

    /// <summary>Children by local name: some clients leave the name space out.</summary>
    public static IEnumerable<XElement> All(this XElement element, string name) =>
        element.Elements().Where(one => one.Name.LocalName == name);

    public static XElement? One(this XElement element, string name) => element.All(name).FirstOrDefault();

    public static string? Text(this XElement element, string name) => element.One(name)?.Value;

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static void Stamp(AwsCall call)
    {
        call.Response.Headers["x-amz-request-id"] = call.RequestId;
        call.Response.Headers["x-amz-id-2"] = "localcloud";
        call.Response.Headers.Server = "AmazonS3";
    }

    private static async Task SendAsync(AwsCall call, int status, MemoryStream buffer)
    {
        call.Response.StatusCode = status;
        Stamp(call);
        call.Response.ContentType = "application/xml";
        call.Response.ContentLength = buffer.Length;
        await call.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), call.Cancellation);
    }
}
