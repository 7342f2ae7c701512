// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IValidationRegistry} from "../interfaces/IValidationRegistry.sol";
import {Managers} from "./Managers.sol";

/// @notice Rules, limits and warnings: {IValidationRegistry}.
contract ValidationRegistry is IValidationRegistry {
    using Managers for IIdentityRegistry;

    struct Validation {
        // slot 0
        address validator;
        uint64 time;
        uint8 response;
        bool answered;
        // slot 1 and on
        uint256 agentId;
        bytes32 responseHash;
        string tag;
    }

    IIdentityRegistry private immutable IDENTITY;

    mapping(bytes32 requestHash => Validation) private _validations;
    mapping(uint256 agentId => bytes32[]) private _ofAgent;
    mapping(address validator => bytes32[]) private _ofValidator;

    constructor(IIdentityRegistry identity) {
        IDENTITY = identity;
    }

    /// @inheritdoc IValidationRegistry
    function validationRequest(
        address validatorAddress,
        uint256 agentId,
        string calldata requestURI,
        bytes32 requestHash
    ) external {
        Validation storage row = _validations[requestHash];
        require(validatorAddress != address(0) && row.validator == address(0), ValidationRegistry_Request(requestHash));
        require(IDENTITY.manages(msg.sender, agentId), ValidationRegistry_NotManager(agentId, msg.sender));
        (row.validator, row.time, row.agentId) = (validatorAddress, uint64(block.timestamp), agentId);
        _ofAgent[agentId].push(requestHash);
        _ofValidator[validatorAddress].push(requestHash);
        emit ValidationRequest(validatorAddress, agentId, requestURI, requestHash);
    }

    /// @inheritdoc IValidationRegistry
    function validationResponse(
        bytes32 requestHash,
        uint8 response,
        string calldata responseURI,
        bytes32 responseHash,
        string calldata tag
    ) external {
        Validation storage row = _known(requestHash);
        require(msg.sender == row.validator, ValidationRegistry_NotValidator(msg.sender, row.validator));
        require(response <= 100, ValidationRegistry_Response(response));
        (row.time, row.response, row.answered) = (uint64(block.timestamp), response, true);
        (row.responseHash, row.tag) = (responseHash, tag);
        emit ValidationResponse(msg.sender, row.agentId, requestHash, response, responseURI, responseHash, tag);
    }

    /// @inheritdoc IValidationRegistry
    function getIdentityRegistry() external view returns (address) {
        return address(IDENTITY);
    }

    /// @inheritdoc IValidationRegistry
    function getValidationStatus(
        bytes32 requestHash
    )
        external
        view
        returns (
            address validatorAddress,
            uint256 agentId,
            uint8 response,
            bytes32 responseHash,
            string memory tag,
            uint256 lastUpdate
        )
    {
        Validation storage row = _known(requestHash);
        return (row.validator, row.agentId, row.response, row.responseHash, row.tag, row.time);
    }

    /// @inheritdoc IValidationRegistry
    function getSummary(
        uint256 agentId,
        address[] calldata validatorAddresses,
        string calldata tag
    ) external view returns (uint64 count, uint8 averageResponse) {
        bytes32[] storage requests = _ofAgent[agentId];
        bytes32 wanted = keccak256(bytes(tag));
        uint256 sum;
        for (uint256 i = 0; i < requests.length; ++i) {
            Validation storage row = _validations[requests[i]];
            if (!row.answered || !_named(row.validator, validatorAddresses)) continue;
            if (bytes(tag).length != 0 && keccak256(bytes(row.tag)) != wanted) continue;
            sum += row.response;
            ++count;
        }
        if (count != 0) averageResponse = uint8(sum / count);
    }

    /// @inheritdoc IValidationRegistry
    function getAgentValidations(uint256 agentId) external view returns (bytes32[] memory) {
        return _ofAgent[agentId];
    }

    /// @inheritdoc IValidationRegistry
    function getValidatorRequests(address validatorAddress) external view returns (bytes32[] memory) {
        return _ofValidator[validatorAddress];
    }

    function _known(bytes32 requestHash) private view returns (Validation storage row) {
        row = _validations[requestHash];
        require(row.validator != address(0), ValidationRegistry_Unknown(requestHash));
    }

    function _named(address validator, address[] calldata list) private pure returns (bool) {
        for (uint256 i = 0; i < list.length; ++i) if (list[i] == validator) return true;
        return list.length == 0;
    }
}
