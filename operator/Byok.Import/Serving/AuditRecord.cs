using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Byok.Import.Serving;

/// <summary>One call as the audit line tells it, filled in as it becomes known. Only what we checked ourselves gets in:
/// nothing that a caller could write into a log.</summary>
public sealed class AuditRecord
{
    public string Id { get; } = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);

    /// <summary>The route's pattern, not the address.</summary>
    public string Route { get; init; } = "none";

    public string Method { get; init; } = "";

    public string Remote { get; init; } = "";

    public ApiKeyRecord? Caller { get; set; }

    public string? RequestId { get; set; }

    public ImportProblem? Problem { get; set; }

    public int Status { get; set; }

    /// <summary>Of a call that the audit has begun.</summary>
    public static AuditRecord Of(HttpContext context) => context.Features.GetRequiredFeature<AuditRecord>();

    public override string ToString() =>
        $"call={Id} method={Method} route={Route} status={Status} problem={Problem?.Slug ?? "none"} "
            + $"code={Problem?.Code ?? "none"} " +
        $"key={Caller?.Key.ToString() ?? "unknown"} apiKey={Caller?.Id ?? "unknown"} request={RequestId ?? "none"} "
            + $"remote={Remote}";
}
