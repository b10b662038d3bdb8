using System.Net;
using Cloud.Aws;
using Cloud.Aws.Keys;
using Cloud.Keys;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Keys;

public sealed class KeyJudgementTests
{
    [Theory]
    [InlineData("DisabledException", "arn is disabled.", KeyVerdict.Revoked, "KeyDisabled")]
    [InlineData("KMSInvalidStateException", "arn is pending deletion.", KeyVerdict.Revoked, "KeyPendingDeletion")]
    [InlineData("KMSInvalidStateException", "arn is pending import.", KeyVerdict.Revoked, "KeyPendingImport")]
    [InlineData("KMSInvalidStateException", "arn is unavailable.", KeyVerdict.Revoked, "KeyUnavailable")]
    [InlineData("KMSInvalidStateException", "arn is creating.", KeyVerdict.Revoked, "KeyUnavailable")]
    [InlineData("NotFoundException", "no such key", KeyVerdict.Revoked, "KeyNotFound")]
    [InlineData("AccessDeniedException", "no", KeyVerdict.Revoked, "AccessDenied")]
    [InlineData("InvalidCiphertextException", "", KeyVerdict.Revoked, "KeyReplaced")]
    [InlineData("IncorrectKeyException", "", KeyVerdict.Revoked, "KeyReplaced")]
    [InlineData("InvalidKeyUsageException", "", KeyVerdict.Revoked, "KeyNotSuitable")]
    [InlineData("ThrottlingException", "Rate exceeded", KeyVerdict.Unknown, "Throttled")]
    [InlineData("KMSInternalException", "", KeyVerdict.Unknown, "Unreachable")]
    [InlineData("DependencyTimeoutException", "", KeyVerdict.Unknown, "Unreachable")]
    [InlineData("KeyUnavailableException", "", KeyVerdict.Unknown, "Unreachable")]
    [InlineData("ExpiredTokenException", "", KeyVerdict.Unknown, "OwnCredentials")]
    [InlineData("UnrecognizedClientException", "", KeyVerdict.Unknown, "OwnCredentials")]
    [InlineData("ValidationException", "", KeyVerdict.Unknown, "Refused")]
    [InlineData("KMSInvalidStateException", "The external key store proxy did not respond in time.", KeyVerdict.Unknown, "ExternalKeyStoreUnreachable")]
    [InlineData("KMSInvalidStateException", "AWS KMS cannot communicate with the external key store proxy.", KeyVerdict.Unknown, "ExternalKeyStoreUnreachable")]
    [InlineData("KMSInvalidStateException", "The external key manager is throttling requests.", KeyVerdict.Unknown, "ExternalKeyStoreUnreachable")]
    [InlineData("KMSInvalidStateException", "The external key is disabled in the external key manager.", KeyVerdict.Revoked, "ExternalKeyUnusable")]
    [InlineData("KMSInvalidStateException", "The custom key store is disconnected.", KeyVerdict.Revoked, "ExternalKeyUnusable")]
    public void An_answer_has_one_verdict(string code, string message, KeyVerdict verdict, string reason)
    {
        var judgement = KeyJudgement.Of(AwsProblems.From(code, message, HttpStatusCode.BadRequest));
        judgement.Verdict.ShouldBe(verdict);
        judgement.Reason.ShouldBe(reason);
    }
}
