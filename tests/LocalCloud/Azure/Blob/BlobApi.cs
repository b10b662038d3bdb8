using System.Globalization;
using LocalCloud.Faults;

namespace LocalCloud.Azure.Blob;

/// <summary>The blob service's wire: method, path and comp name the operation.</summary>
internal sealed class BlobApi : AzureService
{
    private static readonly DateOnly FirstVersion = new(2019, 12, 12);
    private static readonly DateOnly LastVersion = new(2026, 12, 31);

    private readonly AzureCloud cloud;
    private readonly BlobGate gate;
    private readonly BlobRoutes routes;

    public BlobApi(AzureCloud cloud)
        : base("blob")
    {
        this.cloud = cloud;
        gate = new BlobGate(cloud);
        routes = new BlobRoutes(new BlobIntake(cloud.Segments));
    }

    public override Func<Task> Route(AzureCall call)
    {
        var account = cloud.Accounts.Find(call.Account) ?? throw new DroppedException();
        var parts = call.Path.TrimStart('/').Split('/', 2);
        call.Container = parts[0].Length == 0 ? null : Uri.UnescapeDataString(parts[0]);
        call.Key = parts.Length == 2 && parts[1].Length > 0 ? Uri.UnescapeDataString(parts[1]) : null;
        if (call is { Container: not null, Key: null } && call.Query["restype"] != "container")
        {
            // A name without a container is one of the root container's.
            (call.Container, call.Key) = ("$root", call.Container);
        }

        var (name, operation) = routes.Pick(call);
        call.Operation = name;
        return () => operation(new BlobCall(call, cloud, account, gate));
    }

    public override void Admit(AzureCall call)
    {
        var account = cloud.Accounts.Find(call.Account)!;
        DemandVersion(call);
        call.BlobCaller = gate.Admit(call, account, (call.Container, call.Key));
    }

    public override AzureProblem Malformed() => new(400, "InvalidInput", "One of the request inputs is not valid.");

    public override AzureProblem Throttled(int retryAfterSeconds) => BlobProblems.ServerBusy(retryAfterSeconds);

    public override AzureProblem Denied(AzureCall call) => BlobProblems.PermissionMismatch();

    public override AzureProblem Internal(int status) =>
        status == 503 ? new AzureProblem(503, "ServerBusy", "The server is busy.")
            : new AzureProblem(status, "InternalError",
                "The server encountered an internal error. Please retry the request.");

    public override Task SendProblemAsync(AzureCall call, AzureProblem problem) =>
        BlobXml.SendProblemAsync(call, problem, cloud.Clock.GetUtcNow());

    private static void DemandVersion(AzureCall call)
    {
        var version = call.Header("x-ms-version") ?? call.Query["sv"]
            ?? throw BlobProblems.MissingHeader("x-ms-version");
        if (!DateOnly.TryParseExact(version, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None,
            out var date) || date < FirstVersion || date > LastVersion)
        {
            throw BlobProblems.InvalidHeader("x-ms-version", version);
        }

        call.Response.Headers["x-ms-version"] = version;
        call.Response.Headers.Server = "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0";
    }
}
