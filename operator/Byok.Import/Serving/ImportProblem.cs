using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Byok.Import.Serving;

/// <summary>
/// Every way in which the API says no: RFC 9457's status, type, title and detail, the detail with the mend. Sentences
/// are fixed, so that no answer can carry what was sent.
/// </summary>
public sealed record ImportProblem(int Status, string Slug, string Title, string Detail)
{
    private const string Anew = "ask for a new import request and wrap the secret with its public key";

    /// <summary>A finer word for machines, of <see cref="Byok.Material.RefusalCodes"/>.</summary>
    public string? Code { get; init; }

    /// <summary>When it is worth another try.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public string Type => $"urn:byok:problem:{Slug}";

    public static ImportProblem Unauthorized { get; } = new(StatusCodes.Status401Unauthorized, "unauthorized",
        "No valid API key",
        "send the header Authorization: ApiKey KEY with the key that you were given; it may have expired or been "
            + "withdrawn");

    public static ImportProblem Forbidden { get; } = new(StatusCodes.Status403Forbidden, "forbidden",
        "Not this API key's", "this API key is for another enterprise or key: use the path that came with it");

    public static ImportProblem NoSuchPath { get; } =
        new(StatusCodes.Status404NotFound, "no-such-path", "No such path", "the paths are in /openapi.json");

    public static ImportProblem MethodWrong { get; } = new(StatusCodes.Status405MethodNotAllowed, "method-not-allowed",
        "Another method is wanted", "the methods are in /openapi.json: PUT asks for an import request, POST uploads");

    public static ImportProblem RateLimited { get; } = new(StatusCodes.Status429TooManyRequests, "rate-limited",
        "Too many calls",
        "wait for as long as Retry-After says, then call again") { RetryAfter = TimeSpan.FromSeconds(1) };

    public static ImportProblem BodyTooLarge { get; } = new(StatusCodes.Status413PayloadTooLarge, "body-too-large",
        "The body is too large",
        $"a body has at most {UploadBody.MostBytes.ToString(CultureInfo.InvariantCulture)} bytes: upload the wrapped "
            + $"secret alone");

    public static ImportProblem BodyNotJson { get; } = new(StatusCodes.Status400BadRequest, "body-not-json",
        "The body is not JSON", "send {\"importToken\": \"...\", \"keyMaterial\": \"...\"}");

    public static ImportProblem BodyTorn { get; } = new(
        StatusCodes.Status400BadRequest, "body-torn", "The body ends inside keyMaterial",
        "the base64 was cut at its first line end, as a shell does with an unquoted $(cat ...): write the base64 in "
            + "one line (base64 -w 0), or put the substitution between double quotes");

    public static ImportProblem MediaTypeWrong { get; } = new(StatusCodes.Status415UnsupportedMediaType,
        "media-type-not-json", "The body's type is not JSON", "send the header Content-Type: application/json");

    public static ImportProblem KeyMissing { get; } = new(StatusCodes.Status404NotFound, "key-missing",
        "The key does not exist",
        "the TenantEncryptionKey that this API key is for does not stand in the cluster: ask the platform to apply it");

    public static ImportProblem NotWanted { get; } = new(StatusCodes.Status409Conflict, "import-not-wanted",
        "The key takes no import by request",
        "the TenantEncryptionKey decides how its material comes: the platform has to set spec.imported.wrapping to "
            + "ImportRequest");

    public static ImportProblem NotReady { get; } = new(StatusCodes.Status503ServiceUnavailable, "not-ready",
        "Not ready",
        "no key pair could be made in time: call again in a while") { RetryAfter = TimeSpan.FromSeconds(10) };

    public static ImportProblem NoTenant { get; } = new(
        StatusCodes.Status409Conflict, "no-tenant", "The namespace belongs to no tenant",
        "the platform lets tenants make import requests, and names the key's namespace in none of its Tenants, or in "
            + "one that breaks a rule: ask the platform to mend that");

    public static ImportProblem LimitUnknown { get; } = new(
        StatusCodes.Status503ServiceUnavailable, "limit-unknown", "How many may be made is not known",
        "the operator has not published how many import requests this tenant may make: call again in a while; if that "
            + "stays so, the platform has to see to the operator")
    { RetryAfter = TimeSpan.FromSeconds(30) };

    public static ImportProblem Unavailable { get; } = new(StatusCodes.Status503ServiceUnavailable, "unavailable",
        "Unavailable",
        "the platform's API server gives no answer: call again in a while; an upload that was accepted says so when "
            + "it is repeated")
        {
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    public static ImportProblem TokenUnknown { get; } = new(StatusCodes.Status422UnprocessableEntity,
        "import-token-unknown", "No such import token",
        $"this key has no import request with this token: send the token as it came, or {Anew}");

    public static ImportProblem TokenExpired { get; } = new(StatusCodes.Status410Gone, "import-token-expired",
        "The import token has expired", $"a token is good for a day: {Anew}");

    public static ImportProblem TokenUsed { get; } = new(StatusCodes.Status409Conflict, "import-token-used",
        "The import token has been used",
        $"an upload with this token was accepted, and a token is good for one: to upload another secret, {Anew}");

    public static ImportProblem TokenExhausted { get; } = new(StatusCodes.Status410Gone, "import-token-exhausted",
        "Too many uploads failed with this token", $"it takes no more: {Anew}");

    /// <summary>All that happens behind the private key, in one answer.</summary>
    public static ImportProblem Refused { get; } = new(
        StatusCodes.Status422UnprocessableEntity, "upload-refused", "The upload is refused",
        "wrap exactly 32 random bytes with the public key of this very import request, with RSAES-OAEP and SHA-256 "
            + "(SHA-1 only where the key says allowLegacyWrapping, PKCS#1 v1.5 never), and upload the result whole");

    public static ImportProblem SecretTaken { get; } = new(StatusCodes.Status409Conflict, "secret-managed-elsewhere",
        "The Secret is managed elsewhere",
        "somebody else manages the entries of the Secret that spec.imported.wrappedKeyFrom names, and Git wins: "
            + "change it there, or have the platform name another Secret");

    public static ImportProblem Broken { get; } = new(StatusCodes.Status500InternalServerError, "internal", "A bug",
        "the platform's log says more under this call's id");

    /// <summary>All that is fixed, for the documents to name.</summary>
    public static IReadOnlyList<ImportProblem> All { get; } =
    [
        Unauthorized, Forbidden, NoSuchPath, MethodWrong, RateLimited, BodyTooLarge, BodyNotJson, BodyTorn,
        MediaTypeWrong, MemberWrong("importToken"), KeyMissing, NotWanted, NotReady, Unavailable,
        TokenUnknown, TokenExpired, TokenUsed, TokenExhausted, Malformed("", ""), Refused, SecretTaken,
        TooMany(TimeSpan.Zero),
        TenantFull(0, TimeSpan.Zero), NoTenant, LimitUnknown, Broken,
    ];

    public static ImportProblem MemberWrong(string member) =>
        new(StatusCodes.Status400BadRequest, "member-wrong", "A member is missing",
            $"{member} has to stand in the body once, as a string that is not empty");

    /// <param name="detail">one of the fixed sentences of <see cref="Material"/></param>
    public static ImportProblem Malformed(string code, string detail) =>
        new(StatusCodes.Status400BadRequest, "upload-malformed", "keyMaterial is not a wrapped secret",
            detail) { Code = code };

    public static ImportProblem TooMany(TimeSpan free) => new(
        StatusCodes.Status429TooManyRequests, "too-many-open", "Too many import requests",
        "an import request counts for a day, used or not: use one of those that you asked for, or wait until the "
            + "oldest counts no more: Retry-After says when")
        {
            RetryAfter = free,
        };

    /// <param name="limit">The platform's, from the tenant's <c>spec.limits</c>.</param>
    /// <param name="free">Until the oldest counts no more.</param>
    public static ImportProblem TenantFull(int limit, TimeSpan free) => new(
        StatusCodes.Status429TooManyRequests, "tenant-full", "Too many import requests of this tenant",
        string.Create(CultureInfo.InvariantCulture,
            $"this tenant may make {limit} import requests within 24 hours for all its keys, used or not: wait for as "
                + $"long as Retry-After says, or ask the platform to raise spec.limits.importRequestsPerDay"))
    { RetryAfter = free };

    /// <param name="call">The call's id, as in the audit line.</param>
    public ProblemDetails ToDetails(string call)
    {
        var details = new ProblemDetails
        {
            Type = Type,
            Title = Title,
            Status = Status,
            Detail = Detail,
            Instance = $"urn:uuid:{call}",
        };
        if (Code is not null)
        {
            details.Extensions["code"] = Code;
        }

        return details;
    }
}
