// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaims} from "../interfaces/IClaims.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IOutcomes} from "../interfaces/IOutcomes.sol";
import {IReputationRegistry} from "../interfaces/IReputationRegistry.sol";
import {IValidationRegistry} from "../interfaces/IValidationRegistry.sol";
import {AgentLinks} from "./AgentLinks.sol";
import {OutcomeSources} from "./OutcomeSources.sol";

/// @notice Rules, limits and warnings: {IOutcomes}.
contract Outcomes is AgentLinks, OutcomeSources {
    /// @dev Gas that a registry may need, behind a proxy and for a new agent.
    uint256 private constant PUBLISHING = 400_000;

    IReputationRegistry private immutable REPUTATION;
    IValidationRegistry private immutable VALIDATION;

    mapping(bytes32 batchId => Entry) private _entries;
    mapping(uint256 agentId => Record) private _records;

    /// @param clients contracts besides the market whose batches count: what they submit for an executor, it agreed to
    constructor(
        IClaims claims,
        IJobMarket market,
        address[] memory clients,
        IIdentityRegistry identity,
        IReputationRegistry reputation,
        IValidationRegistry validation
    ) AgentLinks(identity) OutcomeSources(claims, market, clients) {
        require(
            reputation.getIdentityRegistry() == address(identity) &&
                validation.getIdentityRegistry() == address(identity),
            Outcomes_Registries()
        );
        (REPUTATION, VALIDATION) = (reputation, validation);
    }

    /// @inheritdoc IOutcomes
    function record(address client, bytes32 subject) external returns (Outcome outcome) {
        bytes32 batchId = _batchId(client, subject);
        require(_entries[batchId].outcome == Outcome.None, Outcomes_Recorded(batchId));
        Found memory found = client == address(MARKET) ? _ofJob(subject, batchId) : _ofBatch(client, batchId);
        outcome = found.outcome;
        require(outcome != Outcome.None, Outcomes_Open(batchId));
        (bool linked, uint256 agentId) = agentAt(found.account, found.time);
        require(linked, Outcomes_NoAgent(found.account, found.time));
        _entries[batchId] = Entry(uint208(agentId), outcome, found.share, false, false);
        _count(_records[agentId], outcome);
        emit Recorded(agentId, found.account, batchId, outcome, found.share);
        // An agent's owner can have the registry refuse it: then it is done later. Nobody starves it of gas.
        require(gasleft() >= PUBLISHING, Outcomes_Gas(PUBLISHING));
        try this.publish(client, subject) {} catch {}
    }

    /// @inheritdoc IOutcomes
    function publish(address client, bytes32 subject) external {
        bytes32 batchId = _batchId(client, subject);
        Entry memory entry = _entries[batchId];
        require(entry.outcome != Outcome.None && !entry.published, Outcomes_Written(batchId));
        _entries[batchId].published = true;
        int128 value = entry.outcome == Outcome.Rejected ? int128(-100) : int128(uint128(entry.share));
        string memory kind = client == address(MARKET) ? "job" : "batch";
        REPUTATION.giveFeedback(entry.agentId, value, 0, _tag(entry.outcome), kind, "", "", subject);
    }

    /// @inheritdoc IOutcomes
    function validate(address client, bytes32 subject, bytes32 salt) external {
        bytes32 batchId = _batchId(client, subject);
        Entry memory entry = _entries[batchId];
        require(entry.outcome != Outcome.None && !entry.validated, Outcomes_Written(batchId));
        bytes32 requestHash = requestOf(client, subject, salt);
        (, uint256 asked, , , , ) = VALIDATION.getValidationStatus(requestHash);
        require(asked == entry.agentId, Outcomes_OtherAgent(entry.agentId, asked));
        _entries[batchId].validated = true;
        uint8 response = entry.outcome == Outcome.Void ? 50 : entry.share;
        VALIDATION.validationResponse(requestHash, response, "", subject, _tag(entry.outcome));
    }

    /// @inheritdoc IOutcomes
    function recordOf(uint256 agentId) external view returns (Record memory) {
        return _records[agentId];
    }

    /// @inheritdoc IOutcomes
    function entryOf(address client, bytes32 subject) external view returns (Entry memory) {
        return _entries[_batchId(client, subject)];
    }

    /// @inheritdoc IOutcomes
    function requestOf(address client, bytes32 subject, bytes32 salt) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), client, subject, salt));
    }

    function _count(Record storage row, Outcome outcome) private {
        if (outcome == Outcome.Paid) ++row.paid;
        else if (outcome == Outcome.Stood) ++row.stood;
        else if (outcome == Outcome.Late) ++row.late;
        else if (outcome == Outcome.Rejected) ++row.rejected;
        else ++row.voided;
    }

    function _tag(Outcome outcome) private pure returns (string memory) {
        if (outcome == Outcome.Paid) return "paid";
        if (outcome == Outcome.Stood) return "stood";
        if (outcome == Outcome.Late) return "late";
        return outcome == Outcome.Rejected ? "rejected" : "void";
    }

    function _batchId(address client, bytes32 subject) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(client, subject));
    }
}
