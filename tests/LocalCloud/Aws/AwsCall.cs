using LocalCloud.Aws.Iam;
using LocalCloud.Faults;
using Microsoft.AspNetCore.Http;

namespace LocalCloud.Aws;

/// <summary>One request on its way through: filled in by the front door,
/// read by the services and by the call log.</summary>
internal sealed class AwsCall(HttpContext http, string target, RawQuery query, string requestId)
{
    public HttpContext Http { get; } = http;

    public string Target { get; } = target;

    public RawQuery Query { get; } = query;

    public string RequestId { get; } = requestId;

    public HttpRequest Request => Http.Request;

    public HttpResponse Response => Http.Response;

    public CancellationToken Cancellation => Http.RequestAborted;

    public Principal Caller { get; set; } = null!;

    public SignatureClaim Claim { get; set; } = null!;

    public string Service { get; set; } = "";

    public string Operation { get; set; } = "";

    public string? Bucket { get; set; }

    public string? Key { get; set; }

    public string? ErrorCode { get; set; }

    /// <summary>A fault to be carried out after the operation took effect.</summary>
    public FaultEffect? Late { get; set; }

    /// <summary>What policies see as aws:SecureTransport.</summary>
    public bool Secure { get; set; } = true;

    public string? Header(string name) => Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;
}
