// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IClient} from "../interfaces/IClient.sol";
import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
import {BatchId, TERMS_END} from "./BatchId.sol";
import {Rounds} from "./Rounds.sol";
import {RunStore} from "./RunStore.sol";

/// @notice Rules, limits and warnings: {ITrainingRegistry}.
contract TrainingRegistry is Rounds {
    constructor(Contracts memory contracts) RunStore(contracts) EIP712("Essaim training", "1") {}

    /// @inheritdoc ITrainingRegistry
    function convict(bytes32 batchId, uint32 leaf, address challenger) external {
        require(msg.sender == FAULTS, TrainingRegistry_Caller(msg.sender, FAULTS));
        CLAIMS.reject(batchId, leaf, challenger);
    }

    /// @inheritdoc IClient
    function injured(bytes32 batchId, bytes calldata data) external view returns (address) {
        requester(batchId, data);
        return address(ESCROW);
    }

    /// @inheritdoc IClient
    function requester(bytes32 batchId, bytes calldata data) public view returns (address) {
        bytes32 runId = keccak256(data[:TERMS_END - 4]);
        bytes32 subject = keccak256(bytes.concat(runId, data[TERMS_END - 4:]));
        require(BatchId.batchId(address(this), subject) == batchId, TrainingRegistry_NotTheBatch(batchId));
        return address(uint160(uint256(bytes32(data[:32]))));
    }

    /// @inheritdoc ITrainingRegistry
    function run(bytes32 runId) external view returns (Run memory) {
        return _run(runId);
    }

    /// @inheritdoc ITrainingRegistry
    function sums(bytes32 runId) external view returns (Sums memory) {
        return _sums[runId];
    }

    /// @inheritdoc ITrainingRegistry
    function seed(bytes32 runId) external view returns (bytes32) {
        return _seeds[runId];
    }

    /// @inheritdoc ITrainingRegistry
    function trainer(bytes32 runId, address account) external view returns (Trainer memory) {
        return _trainer(runId, account);
    }

    /// @inheritdoc ITrainingRegistry
    function seat(bytes32 runId, uint16 index) external view returns (Seat memory) {
        return _seats[runId][index];
    }

    /// @inheritdoc ITrainingRegistry
    function start(bytes32 runId, uint256 turn) external view returns (bytes32) {
        return _starts[runId][turn];
    }

    /// @inheritdoc ITrainingRegistry
    function stands(bytes32 runId, Batch calldata batch) external view returns (bool) {
        return _inRun(runId, _run(runId), batch);
    }
}
