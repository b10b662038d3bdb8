using System.Collections.Frozen;
using System.Globalization;
using LocalCloud.Admin;
using LocalCloud.Faults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LocalCloud.Azure;

/// <summary>Every Azure request: recognised by host, authenticated, harmed if a rule says so, answered in its protocol,
/// counted.</summary>
internal sealed class AzureFrontDoor(AzureCloud cloud)
{
    private readonly FrozenDictionary<string, AzureService> services =
        cloud.Services.ToFrozenDictionary(service => service.Name, StringComparer.Ordinal);

    public async Task HandleAsync(HttpContext http)
    {
        var address =
            AzureAddress.Of(http.Request.Host.Host, http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        var call = new AzureCall(http, address, Guid.NewGuid().ToString());
        var now = cloud.Clock.GetUtcNow();
        http.Response.Headers.Date = now.ToString("R", CultureInfo.InvariantCulture);
        http.Response.Headers["x-ms-request-id"] = call.RequestId;
        if (call.Header("x-ms-client-request-id") is { } clientId)
        {
            http.Response.Headers["x-ms-client-request-id"] = clientId;
        }

        // Logged before the client can know: who has its answer finds it in the log.
        var logged = 0;
        http.Response.OnStarting(() =>
        {
            Log(call, now, ref logged);
            return Task.CompletedTask;
        });
        try
        {
            await RunAsync(call);
        }
        catch (AzureProblem problem)
        {
            await SendProblemAsync(call, problem);
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or FormatException or OverflowException)
        {
            await SendProblemAsync(call, services[address.Service].Malformed());
        }
        catch (DroppedException)
        {
            call.ErrorCode = "Dropped";
            http.Abort();
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or BadHttpRequestException
            && http.RequestAborted.IsCancellationRequested)
        {
            call.ErrorCode = "ClientGone";
        }

        Log(call, now, ref logged);
    }

    private void Log(AzureCall call, DateTimeOffset now, ref int logged)
    {
        if (Interlocked.Exchange(ref logged, 1) == 0)
        {
            cloud.Log.Add(Record(call, now));
        }
    }

    private static CallRecord Record(AzureCall call, DateTimeOffset now) =>
        new(now, call.Address.Service, call.Operation, call.Who, call.Caller?.ClientId ?? "")
        {
            Account = call.Account,
            Bucket = call.Container,
            Key = call.Key,
            Status = call.ErrorCode is "Dropped" or "ClientGone" ? 0 : call.Response.StatusCode,
            ErrorCode = call.ErrorCode,
            RequestId = call.RequestId,
        };

    private async Task RunAsync(AzureCall call)
    {
        if (cloud.Switches.IsUnreachable(call.Address.Service == "imds" ? "entra" : call.Address.Service))
        {
            throw new DroppedException();
        }

        var service = services[call.Address.Service];
        var operation = service.Route(call);
        service.Admit(call);
        var (delay, effect) = cloud.Faults.Match(new FaultSubject(service.Name, call.Operation)
        {
            Bucket = call.Container,
            Key = call.Key,
            AccessKey = call.Caller?.ClientId,
            Principal = call.Who,
            Account = call.Account,
        });
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, call.Cancellation);
        }

        if (effect is FaultEffect.Hold held)
        {
            await held.Turnstile.PassAsync(call.Cancellation);
        }

        ThrowIfEarly(service, call, effect);
        call.Late = effect;
        await Aftermath.RunAsync(call.Response, effect, operation);
    }

    private static void ThrowIfEarly(AzureService service, AzureCall call, FaultEffect? effect)
    {
        switch (effect)
        {
            case FaultEffect.Throttle:
                throw service.Throttled(1);
            case FaultEffect.Fail fail:
                throw service.Internal(fail.Status);
            case FaultEffect.Drop:
                throw new DroppedException();
            case FaultEffect.Deny:
                throw service.Denied(call);
            case FaultEffect.Answer answer:
                throw new AzureProblem(answer.Status, answer.Code, answer.Message);
        }
    }

    private async Task SendProblemAsync(AzureCall call, AzureProblem problem)
    {
        call.ErrorCode = call.Address.Service == "blob" ? problem.Code : problem.Inner ?? problem.Code;
        if (call.Response.HasStarted || call.Late is FaultEffect.LoseAnswer)
        {
            call.Http.Abort();
            return;
        }

        try
        {
            foreach (var (name, value) in problem.Headers)
            {
                call.Response.Headers[name] = value;
            }

            await services[call.Address.Service].SendProblemAsync(call, problem);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            call.ErrorCode = "ClientGone";
        }
    }
}
