// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaims} from "../interfaces/IClaims.sol";
import {IClient} from "../interfaces/IClient.sol";

/// @notice The least client: submits a batch for its deployer, who is its requester.
contract Client__Harness is IClient {
    address private immutable OWNER = msg.sender;
    IClaims private immutable CLAIMS;

    constructor(IClaims claims) {
        CLAIMS = claims;
    }

    function submit(bytes32 subject, bytes32 root, uint32 count, address executor) external returns (bytes32) {
        return CLAIMS.submit(subject, root, count, executor, 1_000, 1);
    }

    function submitSealed(bytes32 subject, bytes32 root, uint32 count, address executor) external {
        seal(CLAIMS.submit(subject, root, count, executor, 1_000, 1));
    }

    function seal(bytes32 batchId) public {
        CLAIMS.seal(batchId, OWNER);
    }

    /// @inheritdoc IClient
    function injured(bytes32, bytes calldata) external view returns (address) {
        return OWNER;
    }

    /// @inheritdoc IClient
    function requester(bytes32, bytes calldata) external view returns (address) {
        return OWNER;
    }
}
