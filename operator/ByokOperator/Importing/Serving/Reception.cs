using System.Globalization;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Importing.Serving;

/// <summary>Lets callers in: how often, who, for what. What a call does is none of its business.</summary>
internal sealed partial class Reception(KubeClient kube, ServingOptions options, Doorkeeper doorkeeper, TimeProvider time, ILogger<Reception> logger)
{
    /// <summary>As proxies log it.</summary>
    private const int CallerLeft = 499;

    private static readonly object callItem = new();

    /// <summary>Around everything: one audit line per call, whatever becomes of it.</summary>
    public async Task AuditAsync(HttpContext context, RequestDelegate next)
    {
        var call = new Call(Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture)) { Method = KnownMethod(context.Request.Method), Remote = context.Connection.RemoteIpAddress?.ToString() ?? "" };
        context.Items[callItem] = call;
        var began = time.GetTimestamp();
        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response.StatusCode is StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed)
            {
                await RefuseAsync(context, call, context.Response.StatusCode == StatusCodes.Status404NotFound ? ImportProblem.NoSuchPath : ImportProblem.MethodWrong);
            }
        }
        finally
        {
            call.Status = context.RequestAborted.IsCancellationRequested ? CallerLeft : context.Response.StatusCode;
            var milliseconds = (long)time.GetElapsedTime(began).TotalMilliseconds;
            LogCall(call, milliseconds);
        }
    }

    /// <summary>Answers a call that only a caller with an API key for this path may make.</summary>
    public async Task ServeAsync(HttpContext context, string route, Func<HttpContext, Call, ApiKeyRecord, CancellationToken, Task<Reply>> act)
    {
        var call = (Call)context.Items[callItem]!;
        call.Route = route;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(options.CallTimeout);
        try
        {
            await AnswerAsync(context, call, await AdmitAsync(context, call, act, limit.Token));
        }
        catch (BadHttpRequestException broken)
        {
            await RefuseAsync(context, call, broken.StatusCode == StatusCodes.Status413PayloadTooLarge ? ImportProblem.BodyTooLarge : ImportProblem.BodyNotJson);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone: nobody to tell.
        }
        catch (Exception failed) when (failed is KubeException or OperationCanceledException)
        {
            LogUnavailable(call.Id, failed.Message);
            await RefuseAsync(context, call, ImportProblem.Unavailable);
        }
        catch (Exception bug)
        {
            LogBug(call.Id, bug);
            await RefuseAsync(context, call, ImportProblem.Broken);
        }
    }

    private async Task<Reply> AdmitAsync(HttpContext context, Call call, Func<HttpContext, Call, ApiKeyRecord, CancellationToken, Task<Reply>> act, CancellationToken cancellation)
    {
        if (ApiKey.FromHeader(context.Request.Headers.Authorization.ToString()) is not { } shown)
        {
            return new Reply.No(ImportProblem.Unauthorized); // costs nothing, so nobody counts it
        }

        if (doorkeeper.AtTheDoor(shown) is { } often)
        {
            return new Reply.No(often);
        }

        using var seat = await doorkeeper.SeatAsync(cancellation);
        if (!seat.IsAcquired)
        {
            return new Reply.No(ImportProblem.RateLimited);
        }

        var record = await FindAsync(shown, cancellation);
        if (!ApiKeyRecord.Admits(record, shown, time.GetUtcNow()))
        {
            doorkeeper.Forget(shown);
            return new Reply.No(ImportProblem.Unauthorized);
        }

        call.Caller = record;
        return doorkeeper.Inside(shown, record!) is { } tooOften ? new Reply.No(tooOften)
            : !IsFor(context.Request.RouteValues, record!) ? new Reply.No(ImportProblem.Forbidden)
            : await act(context, call, record!, cancellation);
    }

    private async Task<ApiKeyRecord?> FindAsync(ApiKey shown, CancellationToken cancellation) =>
        await kube.Api<Secret>().TryGetAsync(ApiKeySecret.Address(options.Namespace, shown.Id), cancellation) is { } secret ? ApiKeySecret.Read(secret) : null;

    /// <summary>A path names either an enterprise or a namespace and a key.</summary>
    private static bool IsFor(Microsoft.AspNetCore.Routing.RouteValueDictionary path, ApiKeyRecord record) =>
        path.TryGetValue("eid", out var enterprise)
            ? enterprise as string == record.Enterprise
            : path["ns"] as string == record.Key.Namespace && path["name"] as string == record.Key.Name;

    private static async Task AnswerAsync(HttpContext context, Call call, Reply reply)
    {
        context.Response.Headers.CacheControl = "no-store";
        switch (reply)
        {
            case Reply.Handed handed:
                await context.Response.WriteAsJsonAsync(handed.Answer, ServingJson.Default.RequestAnswer, cancellationToken: context.RequestAborted);
                break;
            case Reply.Taken taken:
                await context.Response.WriteAsJsonAsync(taken.Answer, ServingJson.Default.UploadAnswer, cancellationToken: context.RequestAborted);
                break;
            case Reply.No no:
                await RefuseAsync(context, call, no.Problem);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static async Task RefuseAsync(HttpContext context, Call call, ImportProblem problem)
    {
        call.Problem = problem;
        if (context.Response.HasStarted)
        {
            return;
        }

        context.Response.StatusCode = problem.Status;
        context.Response.Headers.CacheControl = "no-store";
        if (problem.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = $"{ApiKey.Scheme} realm=\"import\"";
        }

        await context.Response.WriteAsJsonAsync(
            new ProblemAnswer(problem.Type, problem.Title, problem.Status, problem.Detail, $"urn:uuid:{call.Id}", problem.Code),
            ServingJson.Default.ProblemAnswer, "application/problem+json", context.RequestAborted);
    }

    private static string KnownMethod(string method) => method is "GET" or "PUT" or "POST" or "HEAD" or "DELETE" or "PATCH" or "OPTIONS" ? method : "OTHER";
}
