using System.Text.Json.Nodes;

namespace LocalCloud.Azure.Arm;

/// <summary>One request to Resource Manager, its path taken apart: types compare without case,
/// names keep theirs.</summary>
internal sealed class ArmCall(AzureCall azure, AzureCloud cloud)
{
    private readonly string[] parts = [.. azure.Path.Trim('/').Split('/').Select(Uri.UnescapeDataString)];

    public AzureCall Azure { get; } = azure;

    public AzureCloud Cloud { get; } = cloud;

    public string Method => Azure.Method;

    public DateTimeOffset Now => Cloud.Clock.GetUtcNow();

    public IReadOnlyList<string> Parts => parts;

    public string? Subscription => parts.Length > 1 && Is(0, "subscriptions") ? parts[1] : null;

    public string? GroupName => parts.Length > 3 && Is(2, "resourceGroups") ? parts[3] : null;

    /// <summary>What follows the subscription or the group: <c>providers</c>, the name space,
    /// types and names in turn.</summary>
    public string[] Rest =>
        parts[Math.Min(parts.Length, GroupName is not null ? 4 : Subscription is not null ? 2 : 0)..];

    public bool Is(int at, string segment) =>
        parts.Length > at && string.Equals(parts[at], segment, StringComparison.OrdinalIgnoreCase);

    public ResourceGroup Group() =>
        Cloud.Subscriptions.FindGroup(Subscription!, GroupName!) ?? throw ArmProblems.GroupNotFound(GroupName!);

    public void Demand(string action, string scope)
    {
        if (!May(action, scope))
        {
            throw ArmProblems.Forbidden(Azure.Caller!, action, scope);
        }
    }

    public bool May(string action, string scope) =>
        Cloud.Roles.May(Azure.Caller!.ObjectId, action, scope, isData: false);

    public Task<JsonObject> BodyAsync() => Azure.ReadJsonAsync(ArmProblems.InvalidContent);

    public Task SendAsync(JsonObject body, int status = 200) => Azure.SendJsonAsync(status, body);

    public Task SendListAsync(IEnumerable<JsonObject> items) =>
        SendAsync(new JsonObject { ["value"] = new JsonArray([.. items]) });
}
