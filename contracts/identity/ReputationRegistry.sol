// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IReputationRegistry} from "../interfaces/IReputationRegistry.sol";
import {Feedback} from "./Feedback.sol";
import {Managers} from "./Managers.sol";

/// @notice Rules, limits and warnings: {IReputationRegistry}.
contract ReputationRegistry is Feedback {
    using Managers for IIdentityRegistry;

    int128 private constant MAX = 1e38;

    IIdentityRegistry private immutable IDENTITY;

    mapping(bytes32 feedback => address[]) private _responders;
    mapping(bytes32 feedback => mapping(address responder => uint64)) private _responses;

    constructor(IIdentityRegistry identity) {
        IDENTITY = identity;
    }

    /// @inheritdoc IReputationRegistry
    function giveFeedback(
        uint256 agentId,
        int128 value,
        uint8 valueDecimals,
        string calldata tag1,
        string calldata tag2,
        string calldata endpoint,
        string calldata feedbackURI,
        bytes32 feedbackHash
    ) external {
        require(valueDecimals <= 18 && value >= -MAX && value <= MAX, ReputationRegistry_Value(value, valueDecimals));
        require(!IDENTITY.manages(msg.sender, agentId), ReputationRegistry_Self(agentId, msg.sender));
        Row[] storage rows = _rows[agentId][msg.sender];
        if (rows.length == 0) _clients[agentId].push(msg.sender);
        rows.push(Row(value, valueDecimals, false, tag1, tag2));
        emit NewFeedback(
            agentId,
            msg.sender,
            uint64(rows.length),
            value,
            valueDecimals,
            tag1,
            tag1,
            tag2,
            endpoint,
            feedbackURI,
            feedbackHash
        );
    }

    /// @inheritdoc IReputationRegistry
    function revokeFeedback(uint256 agentId, uint64 feedbackIndex) external {
        Row storage row = _row(agentId, msg.sender, feedbackIndex);
        require(!row.revoked, ReputationRegistry_Revoked(agentId, feedbackIndex));
        row.revoked = true;
        emit FeedbackRevoked(agentId, msg.sender, feedbackIndex);
    }

    /// @inheritdoc IReputationRegistry
    function appendResponse(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex,
        string calldata responseURI,
        bytes32 responseHash
    ) external {
        _row(agentId, clientAddress, feedbackIndex);
        require(bytes(responseURI).length != 0, ReputationRegistry_NoURI());
        bytes32 feedback = _id(agentId, clientAddress, feedbackIndex);
        if (_responses[feedback][msg.sender]++ == 0) _responders[feedback].push(msg.sender);
        emit ResponseAppended(agentId, clientAddress, feedbackIndex, msg.sender, responseURI, responseHash);
    }

    /// @inheritdoc IReputationRegistry
    function getIdentityRegistry() external view returns (address) {
        return address(IDENTITY);
    }

    /// @inheritdoc IReputationRegistry
    function getResponseCount(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex,
        address[] calldata responders
    ) external view returns (uint64 count) {
        if (clientAddress != address(0)) return _responsesTo(agentId, clientAddress, feedbackIndex, responders);
        address[] memory clients = _clients[agentId];
        for (uint256 i = 0; i < clients.length; ++i) count += _responsesTo(agentId, clients[i], 0, responders);
    }

    /// @dev To all of the client's feedback where the index is zero.
    function _responsesTo(
        uint256 agentId,
        address client,
        uint64 index,
        address[] calldata responders
    ) private view returns (uint64 count) {
        uint64 last = index == 0 ? getLastIndex(agentId, client) : index;
        for (uint64 i = index == 0 ? 1 : index; i <= last; ++i) {
            bytes32 feedback = _id(agentId, client, i);
            address[] memory from = responders;
            if (from.length == 0) from = _responders[feedback];
            for (uint256 j = 0; j < from.length; ++j) count += _responses[feedback][from[j]];
        }
    }

    function _id(uint256 agentId, address client, uint64 index) private pure returns (bytes32) {
        return keccak256(abi.encode(agentId, client, index));
    }
}
