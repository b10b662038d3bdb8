using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Cloud.Azure.Calling;

namespace Cloud.Azure.Stores;

/// <summary>
/// What Resource Manager still works on. Nobody waits here: an act that finds its account unfinished fails with
/// <see cref="Unfinished"/>, and the next one follows the operation on. Forgetting it costs one more look,
/// never a second account.
/// </summary>
internal sealed class AccountOperations(ArmSite site)
{
    public const string Unfinished = "AccountBeingMade";

    private readonly ConcurrentDictionary<string, Uri> monitors = new(StringComparer.OrdinalIgnoreCase);

    public bool Knows(AccountPlace place) => monitors.ContainsKey(place.Id);

    public void Began(AccountPlace place, AzureReply reply)
    {
        var monitor = reply.Header("Azure-AsyncOperation") ?? reply.Header("Location");
        if (reply.Status is 201 or 202 && Uri.TryCreate(monitor, UriKind.Absolute, out var uri))
        {
            monitors[place.Id] = uri;
        }
    }

    /// <summary>Returns once nothing is under way; throws <see cref="Unfinished"/> while it is,
    /// and what became of it where it failed.</summary>
    public async Task DemandFinishedAsync(AccountPlace place, CancellationToken cancellation)
    {
        if (!monitors.TryGetValue(place.Id, out var monitor))
        {
            return;
        }

        try
        {
            var reply = await site.FollowAsync(monitor, cancellation);
            var document = ArmSite.Read(reply);
            switch (reply.Status == 202 ? "InProgress" : AccountFacts.Text(document, "status") ?? "Succeeded")
            {
                case "Succeeded":
                    break;
                case "Failed" or "Canceled":
                    var error = document["error"] as JsonObject;
                    throw new CloudException(
                        AzureProblems.From(400, AccountFacts.Text(error, "code"), AccountFacts.Text(error, "message")),
                        "arm:PutStorageAccount", reply.Evidence.RequestId);
                default:
                    throw Pending(place);
            }
        }
        catch (CloudException failed)
            when (failed.Problem is not (CloudProblem.Throttled or CloudProblem.Unreachable
                or CloudProblem.OwnCredentials or CloudProblem.Conflict { Code: Unfinished }))
        {
            monitors.TryRemove(place.Id, out _);
            throw;
        }

        monitors.TryRemove(place.Id, out _);
    }

    public static CloudException Pending(AccountPlace place) => new(
        new CloudProblem.Conflict(Unfinished,
            $"Azure is still making the account {place.Account}; it is looked at again"), "arm:PutStorageAccount");
}
