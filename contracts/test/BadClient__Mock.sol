// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaims} from "../interfaces/IClaims.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";

/// @notice A client that has work rejected and then does not say who was injured: it burns all gas (0), answers a word
/// that is no address (1), or answers more than anyone asked for (2).
contract BadClient__Mock {
    IClaims private immutable CLAIMS;
    IStakeManager private immutable STAKE;
    address private immutable SLASHER;
    uint256 private immutable KIND;

    constructor(IClaims claims, IStakeManager stake, address slasher, uint256 kind) {
        (CLAIMS, STAKE, SLASHER, KIND) = (claims, stake, slasher, kind);
    }

    function work(address executor, uint40 lock, address challenger) external {
        STAKE.lock(executor, SLASHER, lock, 0, 0);
        bytes32 batchId = CLAIMS.submit(0, bytes32(uint256(1)), 1, executor, lock, 1);
        CLAIMS.reject(batchId, 0, challenger);
    }

    function injured(bytes32, bytes calldata) external view returns (bytes memory) {
        uint256 kind = KIND;
        assembly ("memory-safe") {
            if iszero(kind) {
                invalid()
            }
            if eq(kind, 1) {
                mstore(0, not(0))
                return(0, 32)
            }
            return(0, 100000)
        }
    }
}
