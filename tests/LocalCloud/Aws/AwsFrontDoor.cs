using System.Globalization;
using LocalCloud.Admin;
using LocalCloud.Aws.Iam;
using LocalCloud.Aws.Kms;
using LocalCloud.Aws.S3;
using LocalCloud.Aws.Sts;
using LocalCloud.Faults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LocalCloud.Aws;

/// <summary>Every AWS request: recognised, authenticated, harmed if a rule says so, answered in its protocol,
/// counted.</summary>
internal sealed class AwsFrontDoor(AwsCloud cloud)
{
    private long requests;

    public async Task HandleAsync(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var id = Interlocked.Increment(ref requests).ToString("X16", CultureInfo.InvariantCulture);
        var call = new AwsCall(http, target, RawQuery.Parse(target), id) { Secure = cloud.Options.TreatHttpAsSecure
            || http.Request.IsHttps };
        if (cloud.Clock.Offset != TimeSpan.Zero)
        {
            // SDKs mend their clock by this header.
            http.Response.Headers.Date = cloud.Clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        }

        try
        {
            await RunAsync(call);
        }
        catch (AwsProblem problem)
        {
            call.ErrorCode = problem.Code;
            await SendProblemAsync(call, problem);
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

        cloud.Log.Add(call, call.ErrorCode is "Dropped" or "ClientGone" ? 0 : http.Response.StatusCode);
    }

    private async Task RunAsync(AwsCall call)
    {
        var claim = SignatureClaim.Read(call.Request, call.Query);
        call.Service = call.Header("X-Amz-Target")?.StartsWith("TrentService.", StringComparison.Ordinal) == true
            ? "kms" : claim?.Service == "sts" ? "sts" : "s3";
        if (call.Service == "s3")
        {
            var operation = cloud.S3.Route(call);
            cloud.Gate.Admit(call, claim, call.Header("x-amz-content-sha256") ?? "UNSIGNED-PAYLOAD");
            await WithFaultsAsync(call, () => cloud.S3.HandleAsync(call, operation));
            return;
        }

        var body = await SmallBody.ReadAsync(call.Http,
            () => new AwsProblem(413, "RequestEntityTooLarge", "Request size exceeded"));
        call.Operation = call.Service == "kms" ? call.Header("X-Amz-Target")!["TrentService.".Length..]
            : StsApi.OperationOf(body);
        call.Key = call.Service == "kms" ? KmsCall.KeyIdOf(body) : null;
        cloud.Gate.Admit(call, claim, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(body)));
        await WithFaultsAsync(call,
            () => call.Service == "kms" ? HandleKmsAsync(call, body) : cloud.Sts.HandleAsync(call, body));
    }

    private Task HandleKmsAsync(AwsCall call, byte[] body) =>
        cloud.Switches.KmsUnreachable ? throw new DroppedException() : cloud.Kms.HandleAsync(call, body);

    private async Task WithFaultsAsync(AwsCall call, Func<Task> operation)
    {
        var (delay, effect) = cloud.Faults.Match(call);
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, call.Cancellation);
        }

        if (effect is FaultEffect.Hold held)
        {
            await held.Turnstile.PassAsync(call.Cancellation);
        }
        else if (effect is not null)
        {
            FaultAnswers.ThrowIfEarly(call, effect);
        }

        call.Late = effect;
        await Aftermath.RunAsync(call.Response, effect, operation);
    }

    private static async Task SendProblemAsync(AwsCall call, AwsProblem problem)
    {
        if (call.Response.HasStarted || call.Late is FaultEffect.LoseAnswer)
        {
            call.Http.Abort();
            return;
        }

        try
        {
            await (call.Service switch
            {
                "kms" => KmsApi.SendProblemAsync(call, problem),
                "sts" => StsApi.SendProblemAsync(call, problem),
                _ => S3Xml.SendProblemAsync(call, problem),
            });
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            call.ErrorCode = "ClientGone";
        }
    }
}
