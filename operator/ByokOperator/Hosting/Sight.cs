using ByokOperator.Reconciling;
using Cloud;
using Kube.Core;

namespace ByokOperator.Hosting;

/// <summary>Turns a look that may fail into a fact. The reasons are stable: they end up in conditions.</summary>
internal static class Sight
{
    /// <summary>No answer came, and so nothing was said.</summary>
    public const string Unreachable = "Unreachable";

    /// <summary>Never throws for an answer of a cloud or of the API server; only for a bug or a cancellation.</summary>
    public static async Task<Fact<T>> OfAsync<T>(Func<Task<T>> look)
    {
        try
        {
            return Fact.Seen(await look());
        }
        catch (CloudException failure)
        {
            return Fact.Blind<T>(ReasonFor(failure.Problem));
        }
        catch (KubeException)
        {
            return Fact.Blind<T>("ApiServerRefused");
        }
        catch (HttpRequestException)
        {
            return Fact.Blind<T>(Unreachable);
        }
    }

    /// <summary>CamelCase and closed: one reason per <see cref="CloudProblem"/>.</summary>
    public static string ReasonFor(CloudProblem problem) => problem switch
    {
        CloudProblem.NotFound => "NotFound",
        CloudProblem.Forbidden => "AccessDenied",
        CloudProblem.Throttled => "Throttled",
        CloudProblem.Unreachable => Unreachable,
        CloudProblem.KeyUnusable => "KeyUnusable",
        CloudProblem.WrongKey => "KeyReplaced",
        CloudProblem.Conflict => "Conflict",
        CloudProblem.OwnCredentials => "OwnCredentials",
        CloudProblem.Refused => "Refused",
        _ => throw new System.Diagnostics.UnreachableException(problem.GetType().Name),
    };
}
