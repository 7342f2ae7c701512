// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccusations} from "../interfaces/IAccusations.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {Tags} from "./lib/Tags.sol";

contract Accusations is IAccusations {
    /// @dev With the rules under which it was made.
    struct Made {
        uint64 time; // slot 0
        uint64 blockNumber; // slot 0
        uint32 minBlocks; // slot 0
        uint32 maxSeconds; // slot 0
    }

    IParameters private immutable PARAMETERS;

    /// @inheritdoc IAccusations
    mapping(bytes32 accusation => Made) public madeAt;

    constructor(IParameters parameters) {
        PARAMETERS = parameters;
    }

    /// @inheritdoc IAccusations
    function accuse(bytes32 accusation) external {
        if (madeAt[accusation].time != 0) return;
        (uint32 minBlocks, uint32 maxSeconds) = PARAMETERS.accusationRules();
        madeAt[accusation] = Made(uint64(block.timestamp), uint64(block.number), minBlocks, maxSeconds);
        emit Accused(accusation);
    }

    /// @inheritdoc IAccusations
    function check(bytes32 batchId, bytes32 proofDigest, address challenger, bytes32 salt) external view {
        bytes32 accusation = keccak256(abi.encodePacked(Tags.ACCUSATION, batchId, proofDigest, challenger, salt));
        Made memory made = madeAt[accusation];
        if (made.time == 0) revert Accusations_None(accusation);
        if (block.number < made.blockNumber + made.minBlocks) revert Accusations_TooSoon(accusation);
        if (block.timestamp > made.time + made.maxSeconds) revert Accusations_Expired(accusation);
    }
}
