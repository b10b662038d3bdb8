using System.Text.Json.Nodes;

namespace LocalCloud.Azure.Arm;

internal sealed record ResourceGroup(string Subscription, string Name, string Location)
{
    public JsonObject Tags { get; init; } = [];

    public string Id => $"/subscriptions/{Subscription}/resourceGroups/{Name}";
}
