using System.Globalization;
using System.Text;
using System.Xml;
using LocalCloud.Aws.Iam;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace LocalCloud.Aws.Sts;

/// <summary>STS's query protocol: GetCallerIdentity and AssumeRole with the trust policy asked,
/// ExternalId included.</summary>
internal sealed class StsApi(IdentityRegistry identities, TimeProvider clock)
{
    private const string Space = "https://sts.amazonaws.com/doc/2011-06-15/";
    private const int MinSeconds = 900;
    private const int MaxSeconds = 43_200;
    private const int DefaultSeconds = 3_600;

    public static string OperationOf(ReadOnlyMemory<byte> body) =>
        Read(body).TryGetValue("Action", out var action) ? action.ToString() : "";

    public async Task HandleAsync(AwsCall call, ReadOnlyMemory<byte> body)
    {
        var form = Read(body);
        Action<XmlWriter> result = call.Operation switch
        {
            "GetCallerIdentity" => xml => WriteCaller(xml, call.Caller),
            "AssumeRole" => AssumeRole(call, form),
            _ =>
                throw new AwsProblem(400, "InvalidAction",
                    $"Could not find operation {call.Operation} for version 2011-06-15"),
        };
        await SendAsync(call, 200, xml =>
        {
            xml.WriteStartElement(call.Operation + "Response", Space);
            xml.WriteStartElement(call.Operation + "Result");
            result(xml);
            xml.WriteEndElement();
            xml.WriteStartElement("ResponseMetadata", Space);
            xml.WriteElementString("RequestId", call.RequestId);
            xml.WriteEndElement();
            xml.WriteEndElement();
        });
    }

    public static Task SendProblemAsync(AwsCall call, AwsProblem problem) => SendAsync(call, problem.Status, xml =>
    {
        xml.WriteStartElement("ErrorResponse", Space);
        xml.WriteStartElement("Error");
        xml.WriteElementString("Type", problem.Status < 500 ? "Sender" : "Receiver");
        xml.WriteElementString("Code", problem.Code);
        xml.WriteElementString("Message", problem.Message);
        xml.WriteEndElement();
        xml.WriteElementString("RequestId", call.RequestId);
        xml.WriteEndElement();
    });

    private static Dictionary<string, StringValues> Read(ReadOnlyMemory<byte> body) =>
        QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body.Span));

    private Action<XmlWriter> AssumeRole(AwsCall call, Dictionary<string, StringValues> form)
    {
        var arn = form.GetValueOrDefault("RoleArn").ToString();
        var session = form.GetValueOrDefault("RoleSessionName").ToString();
        var seconds = form.TryGetValue("DurationSeconds", out var text)
            ? int.Parse(text.ToString(), CultureInfo.InvariantCulture) : DefaultSeconds;
        if (seconds is < MinSeconds or > MaxSeconds || session.Length < 2)
        {
            throw new AwsProblem(400, "ValidationError",
                "1 validation error detected: DurationSeconds or RoleSessionName is out of range");
        }

        var question = new TrustQuestion(call.Caller, form.TryGetValue("ExternalId", out var external)
            ? external.ToString() : null) { Action = "sts:AssumeRole", Resource = arn, Secure = call.Secure };
        if (identities.FindRole(arn) is not { } role
            || role.Trust.Judge(question) is PolicyEffect.Silent or PolicyEffect.Denies)
        {
            throw new AwsProblem(403, "AccessDenied",
                $"User: {call.Caller.Arn} is not authorized to perform: sts:AssumeRole on resource: {arn}");
        }

        var principal = Principal.Of(arn, session, RoleIds.Of(arn)).With(role.Permissions);
        var issued = identities.Issue(principal, clock.GetUtcNow().AddSeconds(seconds));
        return xml => WriteIssued(xml, issued);
    }

    private static void WriteIssued(XmlWriter xml, Credential issued)
    {
        xml.WriteStartElement("Credentials");
        xml.WriteElementString("AccessKeyId", issued.AccessKey);
        xml.WriteElementString("SecretAccessKey", issued.Secret);
        xml.WriteElementString("SessionToken", issued.Token);
        xml.WriteElementString("Expiration",
            issued.Expires!.Value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        xml.WriteEndElement();
        xml.WriteStartElement("AssumedRoleUser");
        xml.WriteElementString("AssumedRoleId", issued.Principal.UserId);
        xml.WriteElementString("Arn", issued.Principal.Arn);
        xml.WriteEndElement();
    }

    private static void WriteCaller(XmlWriter xml, Principal caller)
    {
        xml.WriteElementString("UserId", caller.UserId);
        xml.WriteElementString("Account", caller.Account);
        xml.WriteElementString("Arn", caller.Arn);
    }

    private static async Task SendAsync(AwsCall call, int status, Action<XmlWriter> write)
    {
        using var buffer = new MemoryStream(1024);
        using (var xml = XmlWriter.Create(buffer, new XmlWriterSettings { Encoding = new UTF8Encoding(false) }))
        {
            write(xml);
        }

        call.Response.StatusCode = status;
        call.Response.ContentType = "text/xml";
        call.Response.Headers["x-amzn-RequestId"] = call.RequestId;
        call.Response.ContentLength = buffer.Length;
        await call.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), call.Cancellation);
    }
}
